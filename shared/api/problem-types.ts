import type { Locale } from '../domain/record.ts';

/** The answer to a type of problem. `{name}` in the detail is replaced by the problem's member of that name. */
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
const NOT_FOUND: Texts = ['Not found', '找不到', '未找到'];
const BAD_REQUEST: Texts = ['Bad request', '請求無效', '请求无效'];
const CONFLICT: Texts = ['Conflict', '目前狀態不允許此操作', '当前状态不允许此操作'];

/** Every problem that the API answers with, by code. */
export const PROBLEM_TYPES = {
  'invalid-request': type(400, BAD_REQUEST, ['The request contains errors.', '請求內容有錯誤。', '请求内容有错误。']),
  'malformed-json': type(400, BAD_REQUEST, [
    'The request body is not valid JSON.',
    '請求內容不是有效的 JSON。',
    '请求内容不是有效的 JSON。',
  ]),
  'invalid-idempotency-key': type(400, BAD_REQUEST, [
    'An Idempotency-Key must have 1 to {maxLength} characters.',
    'Idempotency-Key 須為 1 至 {maxLength} 個字元。',
    'Idempotency-Key 须为 1 至 {maxLength} 个字符。',
  ]),
  'no-token': type(401, NOT_AUTHENTICATED, [
    'Sign in, or send a bearer token.',
    '請登入，或提供存取權杖。',
    '请登录，或提供访问令牌。',
  ]),
  'bad-token': type(401, NOT_AUTHENTICATED, [
    'The access token was not accepted: {reason}',
    '存取權杖無效：{reason}',
    '访问令牌无效：{reason}',
  ]),
  'bad-claim': type(401, NOT_AUTHENTICATED, [
    'The access token has no valid claim {claim} (expected format: {form}).',
    '存取權杖沒有有效的 {claim}（格式應為 {form}）。',
    '访问令牌没有有效的 {claim}（格式应为 {form}）。',
  ]),
  'wrong-account': type(401, NOT_AUTHENTICATED, [
    'This caller is not allowed.',
    '不允許此呼叫者。',
    '不允许此调用方。',
  ]),
  'cross-site': type(403, NOT_PERMITTED, [
    'Pages of other sites cannot do this with your session.',
    '其他網站的頁面無法以您的登入狀態執行此操作。',
    '其他网站的页面无法以您的登录状态执行此操作。',
  ]),
  'report-not-permitted': type(403, NOT_PERMITTED, [
    'You do not have access to this report.',
    '您沒有此報表的權限。',
    '您没有此报表的权限。',
  ]),
  'scope-not-permitted': type(403, NOT_PERMITTED, [
    'You do not have permission to view downloads in this scope.',
    '您沒有檢視此範圍下載紀錄的權限。',
    '您没有查看此范围下载记录的权限。',
  ]),
  'rights-changed': type(403, NOT_PERMITTED, [
    'This file contains data that you do not have access to. Request the report yourself.',
    '此檔案含有您無權檢視的資料。請自行申請此報表。',
    '此文件含有您无权查看的数据。请自行申请此报表。',
  ]),
  'not-own': type(403, NOT_PERMITTED, [
    'Only the person who requested the report can do this.',
    '只有報表的申請人可以執行此操作。',
    '只有报表的申请人可以执行此操作。',
  ]),
  'no-such-record': type(404, NOT_FOUND, ['This download does not exist.', '找不到這筆下載。', '找不到该下载。']),
  'no-such-path': type(404, NOT_FOUND, ['{path} does not exist.', '{path} 不存在。', '{path} 不存在。']),
  'method-not-allowed': type(
    405,
    ['Method not allowed', '不支援的方法', '不支持的方法'],
    ['{path} only supports {allowed}.', '{path} 僅支援 {allowed}。', '{path} 仅支持 {allowed}。'],
  ),
  locked: type(409, CONFLICT, [
    'Another of your reports is still running. Wait for it to finish or cancel it.',
    '您的另一份報表仍在產生中。請等待完成，或將其取消。',
    '您的另一份报表仍在生成中。请等待完成，或将其取消。',
  ]),
  'still-active': type(409, CONFLICT, [
    'This report is still running.',
    '這份報表仍在產生中。',
    '这份报表仍在生成中。',
  ]),
  'already-finished': type(409, CONFLICT, [
    'This report has already finished.',
    '這份報表已經結束。',
    '这份报表已经结束。',
  ]),
  'no-file': type(409, CONFLICT, [
    'This report has no file available for download.',
    '這份報表目前沒有可下載的檔案。',
    '这份报表目前没有可下载的文件。',
  ]),
  'body-too-large': type(
    413,
    ['Content too large', '內容過大', '内容过大'],
    [
      'The request body exceeds {maxBytes} bytes.',
      '請求內容超過 {maxBytes} 位元組。',
      '请求内容超过 {maxBytes} 字节。',
    ],
  ),
  'idempotency-key-reused': type(
    422,
    ['Unprocessable content', '無法處理', '无法处理'],
    [
      'This Idempotency-Key was already used for a different request.',
      '此 Idempotency-Key 已用於其他請求。',
      '此 Idempotency-Key 已用于其他请求。',
    ],
  ),
  'rate-limited': type(
    429,
    ['Too many requests', '請求過於頻繁', '请求过于频繁'],
    [
      'Too many requests. Try again in {retryAfterSeconds} s.',
      '請求過於頻繁。請於 {retryAfterSeconds} 秒後再試。',
      '请求过于频繁。请在 {retryAfterSeconds} 秒后重试。',
    ],
  ),
  internal: type(
    500,
    ['Internal error', '內部錯誤', '内部错误'],
    [
      'Something went wrong on our side. The error has been logged.',
      '系統發生錯誤，已記錄此錯誤。',
      '系统发生错误，已记录该错误。',
    ],
  ),
  unavailable: type(
    503,
    ['Temporarily unavailable', '暫時無法使用', '暂时不可用'],
    [
      'A required service is not responding. Try again shortly.',
      '所需的服務沒有回應。請稍後再試。',
      '所需的服务没有响应。请稍后重试。',
    ],
  ),
} as const satisfies Record<string, ProblemType>;

export type ProblemCode = keyof typeof PROBLEM_TYPES;
