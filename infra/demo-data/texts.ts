/** The words of the demo rows, and texts that break careless exports. */

export const surnames = [
  '陳',
  '林',
  '黃',
  '張',
  '李',
  '王',
  '吳',
  '劉',
  '蔡',
  '楊',
  '許',
  '鄭',
  '謝',
  '郭',
  '洪',
  '歐陽',
];

export const givenNames = [
  '小明',
  '怡君',
  '志豪',
  '淑芬',
  '俊傑',
  '雅婷',
  '建宏',
  '美玲',
  '家豪',
  '詩涵',
  '冠宇',
  '思妤',
];

export const awkwardNames = ["O'Brien, Conan", 'Robert "Bob" 王', '𠮷田 太郎', '李 四', '-小林', '=趙雲'];

/** The tag with id `n` is the n-th. */
export const tagNames = [
  'VIP 客戶',
  '新註冊',
  '高額提現',
  '風險用戶',
  '沉睡用戶',
  '代理商',
  '測試帳號',
  '活動參與者',
  '黑名單觀察',
  '實名認證',
  '海外用戶',
  '高頻交易',
];

export const banks = [
  '臺灣銀行',
  '中國信託',
  '國泰世華',
  '玉山銀行',
  '台新銀行',
  '中國工商銀行',
  '招商銀行',
  '匯豐銀行',
];

export const ordinaryRemarks = ['首次提現', '系統自動審核', '加急', '週末順延', '已電話確認'];

/** Quotes, separators, line ends, formulas of spreadsheets, texts that resemble NULL, and wide characters. */
export const awkwardRemarks = [
  '',
  ' ',
  ' 前後有空白 ',
  'NULL',
  '\\N',
  '"',
  '客戶說 "盡快"',
  "it's 50% \\ done",
  '加急,請優先處理',
  '第一行\n第二行',
  'first line\r\nsecond line',
  'old\rMac',
  '\n以換行開頭',
  '\r以歸位開頭',
  '\t以定位字元開頭',
  '=HYPERLINK("http://example.com","點我")',
  '+886 912 345 678',
  '-5% 手續費',
  '@SUM(A1:A9)',
  '恭喜發財 🧧🎉',
  '👨‍👩‍👧‍👦 聯名帳戶',
  '𠮷野家',
  '長'.repeat(1000),
];

/** Values that DECIMAL(20,4) holds and a double does not, and the smallest step above zero. */
export const extremeAmounts = ['9999999999999999.9999', '9007199254740993.0001', '0.0001', '0.0000'];
