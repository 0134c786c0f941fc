const count = (amount: string, one: boolean, noun: string) => `${amount} ${noun}${one ? '' : 's'}`;

/**
 * The page's texts. The other languages have the same texts: a missing one is a type error. Numbers are passed
 * formatted, together with the value that determines the plural.
 */
export const en = {
  title: 'Report Download Center',
  skipToContent: 'Skip to content',
  language: 'Language',
  theme: 'Appearance',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  loading: 'Loading',
  unreachable: 'Could not reach the server. Check your connection and try again.',
  disconnected: 'Connection lost. Reconnecting…',
  limited: 'Too many windows are open for live updates. This one is updated about every 30 seconds.',
  noSuchPage: 'Page not found',
  actionFailed: 'Something went wrong',
  timeZone: (zone: string) => `Times are shown in ${zone}.`,
  person: (admin: string, department: string) => `Admin ${admin}, department ${department}`,

  signIn: {
    heading: 'Sign in',
    hint: 'Sign in to request and download reports.',
    button: 'Sign in',
    signOut: 'Sign out',
  },

  request: {
    open: 'Request a report',
    report: 'Report',
    chooseReport: 'Select a report',
    conditions: 'Conditions',
    format: 'File format',
    locale: 'File language',
    submit: 'Request report',
    required: (field: string) => `Enter a value for ${field}.`,
    choose: (field: string) => `Select a value for ${field}.`,
    example: (example: string) => `Example: ${example}.`,
    listHint: 'Press Enter after each value, or paste comma-separated values.',
    yes: 'Yes',
    no: 'No',
    period: 'Date range',
    startDate: 'Start date',
    endDate: 'End date',
    chooseDate: 'Select a date',
    noSuchDay: 'The date is incomplete or does not exist.',
    presets: {
      last7Days: 'Last 7 days',
      last30Days: 'Last 30 days',
      thisMonth: 'This month',
      lastMonth: 'Last month',
    },
    reusable: (at: string) => `A file with the same conditions already exists (${at}).`,
    useFile: (at: string) => `Use existing file (${at})`,
    running: 'An identical report is already running.',
    locked: 'Another of your reports is still running. Wait for it to finish or cancel it.',
    requested: (report: string) => `Report requested: ${report}`,
  },

  list: {
    heading: 'Downloads',
    empty: 'No downloads yet. Request a report to get started.',
    emptyFiltered: 'No downloads match these filters.',
    more: 'Load more',
    scope: 'Scope',
    scopes: { own: 'My downloads', department: 'My department', all: 'All downloads' },
    anyStatus: 'All statuses',
    anyReport: 'All reports',
    search: 'Find by ID or link',
    find: 'Find',
    noId: 'No download ID found',
    actions: 'Actions',
    details: (report: string) => `View details: ${report}`,
  },

  record: {
    back: 'Back to downloads',
    notFound: 'This download does not exist, or you do not have access to it.',
    id: 'ID',
    report: 'Report',
    status: 'Status',
    requestedBy: 'Requested by',
    requested: 'Requested',
    duration: 'Duration',
    rows: 'Rows',
    size: 'Size',
    dataAsOf: 'Data as of',
    expires: 'Expires',
    conditions: 'Conditions',
    progress: 'Progress',
    withheld: 'Other conditions that you do not have access to',
    closed: 'No access to the file',
    closedReason: 'You may not open this file: it contains data that you can only see masked.',
    history: 'Status history',
    cost: 'Estimated cost',
    masked: 'Masked columns',
    reused: 'This download uses an existing file.',
    noRows: (status: string) => `${status} (no rows)`,
    none: '–',
  },

  status: {
    QUEUED: 'Queued',
    QUERYING: 'Querying',
    WRITING: 'Writing file',
    COMPLETED: 'Ready',
    FAILED: 'Failed',
    CANCELLED: 'Cancelled',
    EXPIRED: 'Expired',
  },

  progress: {
    stage: (number: string) => `Stage ${number}`,
    writing: 'Writing file',
    source: (title: string, table: string) => `${title} (${table})`,
    rows: (amount: string, value: number) => count(amount, value === 1, 'row'),
    waiting: 'Waiting',
    unfinished: 'Not finished',
    changed: (report: string, status: string) => `${report}: ${status}`,
  },

  action: {
    download: 'Download',
    preview: 'Preview',
    copyLink: 'Copy link',
    copied: 'Link copied',
    notCopied: 'Could not copy the link. Select it and copy it yourself:',
    link: 'Link',
    cancel: 'Cancel',
    cancelConfirm: 'Cancel this report?',
    cancelYes: 'Cancel report',
    cancelNo: 'Keep running',
    retry: 'Try again',
    runAgain: 'Run again',
    viewReport: 'View report',
    /** For users of screen readers, who hear a button without seeing what is next to it. */
    label: (action: string, report: string) => `${action}: ${report}`,
  },

  preview: {
    title: (report: string) => `Preview: ${report}`,
    first: (amount: string, value: number) =>
      `Showing the first ${count(amount, value === 1, 'row')}. The file contains more.`,
    whole: (amount: string, value: number) => `Showing the whole file: ${count(amount, value === 1, 'row')}.`,
  },

  failure: {
    heading: 'Reason for failure',
    technical: 'Technical details',
    sourceList: (sources: string) => `Affected data sources: ${sources}.`,
    sourcesMissing: {
      reason: 'Some data did not arrive in time because the databases listed below were busy or unreachable.',
      advice:
        'Try again in a few minutes. If it fails again, tell the operations team which data sources are affected.',
    },
    deadline: {
      reason: 'The report did not finish within the time limit.',
      advice: 'Try again. A shorter date range or fewer selections may help.',
    },
    definitionChanged: {
      reason: 'The report’s definition changed while it was running.',
      advice: 'Try again to use the new definition.',
    },
    refused: {
      reason: 'A database rejected the query. The report or its data access is not set up correctly.',
      advice: 'Trying again is unlikely to help. Send the link to this download to the operations team.',
    },
    unavailable: {
      reason: 'A database could not be reached.',
      advice: 'Try again in a few minutes.',
    },
    rowTooLarge: {
      reason: 'A row is too large to be written to the file.',
      advice: 'Narrow the conditions to exclude it, or send the link to this download to the operations team.',
    },
    reportFault: {
      reason: 'The report itself has an error.',
      advice: 'Trying again will not help until it is fixed. Send the link to this download to the operations team.',
    },
    damaged: {
      reason: 'Data was corrupted in transit, so no file was created.',
      advice: 'Try again. If it fails again, send the link to this download to the operations team.',
    },
    other: {
      reason: 'Something went wrong while the report was being created.',
      advice: 'Try again. If it fails again, send the link to this download to the operations team.',
    },
  },
};

export type Texts = typeof en;
