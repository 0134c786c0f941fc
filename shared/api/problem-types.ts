import type { Locale } from '../domain/record.ts';

/** What a kind of problem is answered with. `{name}` in the detail stands for the problem's member of that name. */
export interface ProblemType {
  status: number;
  title: Record<Locale, string>;
  detail: Record<Locale, string>;
}

type Texts = [en: string, zhTW: string, zhCN: string];

const type = (status: number, title: Texts, detail: Texts): ProblemType => ({
  status,
  title: localized(title),
  detail: localized(detail),
});
const localized = ([en, zhTW, zhCN]: Texts) => ({ en, 'zh-TW': zhTW, 'zh-CN': zhCN });

const NOT_AUTHENTICATED: Texts = ['Not authenticated', '未通過身分驗證', '未通过身份验证'];
const NOT_PERMITTED: Texts = ['Not permitted', '沒有權限', '没有权限'];
const NOT_FOUND: Texts = ['Not found', '找不到', '找不到'];
const BAD_REQUEST: Texts = ['Bad request', '請求有誤', '请求有误'];
const CONFLICT: Texts = ['Conflict', '目前狀態不允許', '当前状态不允许'];

/** Every problem that the API answers with, by its code. */
export const PROBLEM_TYPES = {
  'invalid-request': type(400, BAD_REQUEST, ['the request has faults', '請求內容有誤', '请求内容有误']),
  'malformed-json': type(400, BAD_REQUEST, [
    'the body is not JSON',
    '請求內容不是有效的 JSON',
    '请求内容不是有效的 JSON',
  ]),
  'invalid-idempotency-key': type(400, BAD_REQUEST, [
    'an Idempotency-Key has 1 to {maxLength} characters',
    'Idempotency-Key 須為 1 至 {maxLength} 個字元',
    'Idempotency-Key 须为 1 至 {maxLength} 个字符',
  ]),
  'no-token': type(401, NOT_AUTHENTICATED, ['a bearer token is required', '請先登入', '请先登录']),
  'bad-token': type(401, NOT_AUTHENTICATED, [
    'the token was not accepted: {reason}',
    '登入憑證未被接受：{reason}',
    '登录凭证未被接受：{reason}',
  ]),
  'bad-claim': type(401, NOT_AUTHENTICATED, [
    'the token has no claim {claim} of the form {form}',
    '登入憑證缺少符合 {form} 的 {claim}',
    '登录凭证缺少符合 {form} 的 {claim}',
  ]),
  'wrong-account': type(401, NOT_AUTHENTICATED, ['not for this caller', '呼叫者不符', '调用者不符']),
  'cross-site': type(403, NOT_PERMITTED, [
    'a page of another site may not do this with your session',
    '其他網站的頁面不得使用您的登入狀態執行此操作',
    '其他网站的页面不得使用您的登录状态执行此操作',
  ]),
  'report-not-permitted': type(403, NOT_PERMITTED, [
    'this report is not open to you',
    '您沒有此報表的權限',
    '您没有此报表的权限',
  ]),
  'scope-not-permitted': type(403, NOT_PERMITTED, [
    'you may not list the records of this scope',
    '您沒有查看此範圍紀錄的權限',
    '您没有查看此范围记录的权限',
  ]),
  'rights-changed': type(403, NOT_PERMITTED, [
    'the file shows more than you may see; ask for the report yourself',
    '檔案含有您無權查看的內容，請自行申請此報表',
    '文件含有您无权查看的内容，请自行申请此报表',
  ]),
  'not-own': type(403, NOT_PERMITTED, [
    'only whoever asked for the report may do this',
    '只有申請此報表的人可以執行此操作',
    '只有申请此报表的人可以执行此操作',
  ]),
  'no-such-record': type(404, NOT_FOUND, ['there is no such record', '沒有這筆紀錄', '没有这条记录']),
  'no-such-path': type(404, NOT_FOUND, ['there is nothing at {path}', '{path} 不存在', '{path} 不存在']),
  'method-not-allowed': type(
    405,
    ['Method not allowed', '不支援的方法', '不支持的方法'],
    ['{path} takes {allowed}', '{path} 只接受 {allowed}', '{path} 只接受 {allowed}'],
  ),
  locked: type(409, CONFLICT, [
    'another report of yours is in work; wait for it or cancel it',
    '您的另一份報表正在產生中，請等待完成或將它取消',
    '您的另一份报表正在生成中，请等待完成或将它取消',
  ]),
  'still-active': type(409, CONFLICT, ['the record is still in work', '這份報表仍在產生中', '这份报表仍在生成中']),
  'already-finished': type(409, CONFLICT, ['the report is at its end already', '這份報表已經結束', '这份报表已经结束']),
  'no-file': type(409, CONFLICT, [
    'the report has no file to download now',
    '這份報表目前沒有可下載的檔案',
    '这份报表当前没有可下载的文件',
  ]),
  'body-too-large': type(
    413,
    ['Content too large', '內容過大', '内容过大'],
    ['the body is over {maxBytes} bytes', '請求內容超過 {maxBytes} 位元組', '请求内容超过 {maxBytes} 字节'],
  ),
  'idempotency-key-reused': type(
    422,
    ['Unprocessable content', '無法處理', '无法处理'],
    [
      'this Idempotency-Key was used for another request',
      '此 Idempotency-Key 已用於另一個請求',
      '此 Idempotency-Key 已用于另一个请求',
    ],
  ),
  'rate-limited': type(
    429,
    ['Too many requests', '請求過於頻繁', '请求过于频繁'],
    [
      'too many requests; try again in {retryAfterSeconds} s',
      '請求過於頻繁，請於 {retryAfterSeconds} 秒後再試',
      '请求过于频繁，请于 {retryAfterSeconds} 秒后再试',
    ],
  ),
  internal: type(
    500,
    ['Internal error', '內部錯誤', '内部错误'],
    ['something went wrong here; it has been logged', '系統發生錯誤，已記錄', '系统发生错误，已记录'],
  ),
  unavailable: type(
    503,
    ['Temporarily unavailable', '暫時無法使用', '暂时无法使用'],
    [
      'a service this one stands on does not answer; try again soon',
      '所依賴的服務沒有回應，請稍後再試',
      '所依赖的服务没有响应，请稍后再试',
    ],
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;
