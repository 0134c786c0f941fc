import type { Locale } from '../../shared/domain/record.ts';

const TEXTS: Record<
  Locale,
  { title: string; admin: string; department: string; roles: string; hint: string; signIn: string; goOn: string }
> = {
  en: {
    title: 'Development sign-in',
    admin: 'Admin id',
    department: 'Department id',
    roles: 'Roles',
    hint: 'Separated by spaces: downloads.department reads the department’s records, downloads.all all records; finance may ask for payments, risk-control sees names and phones in clear.',
    signIn: 'Sign in',
    goOn: 'Continue to the download center',
  },
  'zh-TW': {
    title: '開發用登入頁',
    admin: '管理員 ID',
    department: '部門 ID',
    roles: '角色',
    hint: '以空格分隔：downloads.department 可看部門的紀錄，downloads.all 可看所有紀錄；finance 可申請付款報表，risk-control 可看未遮罩的姓名與手機。',
    signIn: '登入',
    goOn: '前往報表下載中心',
  },
  'zh-CN': {
    title: '开发用登录页',
    admin: '管理员 ID',
    department: '部门 ID',
    roles: '角色',
    hint: '以空格分隔：downloads.department 可查看本部门的记录，downloads.all 可查看所有记录；finance 可申请付款报表，risk-control 可查看未脱敏的姓名和手机。',
    signIn: '登录',
    goOn: '前往报表下载中心',
  },
};

/** The page with the sign-in form. `to` is the path to return to. */
export function formPage(language: Locale, to: string): string {
  const texts = TEXTS[language];
  return page(
    language,
    `<form method="post" action="/sign-in">
<input type="hidden" name="to" value="${escapeHtml(to)}">
<p><label for="admin">${texts.admin}</label><br><input id="admin" name="admin" value="7" required pattern="[^\\/]+"></p>
<p><label for="department">${texts.department}</label><br><input id="department" name="department" value="3" required></p>
<p><label for="roles">${texts.roles}</label><br><input id="roles" name="roles" aria-describedby="roles-hint"><br>
<small id="roles-hint">${texts.hint}</small></p>
<button>${texts.signIn}</button>
</form>`,
  );
}

/** The page that posts the session to the public origin: by a script, or by its button where scripts are disabled. */
export const handOverPage = (language: Locale, session: { action: string; token: string; to: string }): string =>
  page(
    language,
    `<form method="post" action="${session.action}">
<input type="hidden" name="token" value="${escapeHtml(session.token)}">
<input type="hidden" name="to" value="${escapeHtml(session.to)}">
<button>${TEXTS[language].goOn}</button>
</form>
<script src="/hand-over.js" defer></script>`,
  );

const page = (language: Locale, content: string) => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${TEXTS[language].title}</title>
<style>:root { color-scheme: light dark } body { font: 16px/1.5 system-ui; margin: 2rem auto; max-width: 24rem; padding: 0 1rem } input, button { font: inherit }</style>
</head>
<body>
<main>
<h1>${TEXTS[language].title}</h1>
${content}
</main>
</body>
</html>
`;

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
