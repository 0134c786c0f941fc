import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type SignIn, startSignIn } from './sign-in.ts';

const ORIGIN = 'http://localhost:8080';
let signIn: SignIn;

beforeAll(async () => {
  signIn = await startSignIn(async (person) => JSON.stringify(person));
  signIn.setPublicOrigin(ORIGIN);
});
afterAll(() => signIn.close());

const post = (form: Record<string, string>) => fetch(signIn.url, { method: 'POST', body: new URLSearchParams(form) });

/** Returns the fields of a page's form, by name. */
function fieldsOf(html: string): Record<string, string> {
  const inputs = html.matchAll(/<input[^>]* name="(\w+)"(?: value="([^"]*)")?/g);
  const decode = (text = '') => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
  return Object.fromEntries([...inputs].map(([, name, value]) => [name, decode(value)]));
}

it('shows a form, and keeps the path to return to', async () => {
  const to = '/downloads/7?a="><script>';
  const html = await (await fetch(`${signIn.url}?to=${encodeURIComponent(to)}`)).text();
  expect(fieldsOf(html)).toEqual({ to, admin: '7', department: '3', roles: '' });
  expect(html).not.toContain('<script>');
});

it('hands a token of the stated person over to the public origin', async () => {
  const response = await post({ admin: '9', department: '2', roles: 'finance  downloads.all', to: '/downloads/7' });
  const html = await response.text();
  expect(html).toContain(`<form method="post" action="${ORIGIN}/session">`);
  const { token, to } = fieldsOf(html);
  expect(to).toBe('/downloads/7');
  expect(JSON.parse(token as string)).toEqual({
    adminId: '9',
    departmentId: '2',
    roles: ['finance', 'downloads.all'],
  });
  expect(response.headers.get('content-security-policy')).toContain(`form-action 'self' ${ORIGIN}`);
  // Under no-referrer, a browser would send `Origin: null`.
  expect(response.headers.get('referrer-policy')).toBe('strict-origin');
});

it('submits by a script file, since its policy forbids inline scripts', async () => {
  const [, src] = /<script src="([^"]+)" defer>/.exec(await (await post({})).text()) ?? [];
  const script = await fetch(new URL(src as string, signIn.url));
  expect(script.headers.get('content-type')).toContain('text/javascript');
  expect(await script.text()).toContain('submit()');
});

it.each([
  ['zh-TW,zh;q=0.9,en;q=0.8', 'zh-TW', '登入'],
  ['zh-CN,zh;q=0.9', 'zh-CN', '登录'],
  ['de,en;q=0.7', 'en', 'Sign in'],
])('speaks the browser’s language: %s', async (languages, lang, button) => {
  const html = await (await fetch(signIn.url, { headers: { 'Accept-Language': languages } })).text();
  expect(html).toContain(`<html lang="${lang}">`);
  expect(html).toContain(`<button>${button}</button>`);
});

it('responds with 404 at other paths', async () => {
  expect((await fetch(`${signIn.origin}/`)).status).toBe(404);
});
