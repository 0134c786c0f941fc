const count = (amount: string, one: boolean, noun: string) => `${amount} ${noun}${one ? '' : 's'}`;

/** What the page says. The other languages have the same texts: a missing one is a type error. Numbers come in as they are to be shown, with what decides the plural. */
export const en = {
  title: 'Report Download Center',
  skipToContent: 'Skip to the content',
  language: 'Language',
  theme: 'Appearance',
  themes: { system: 'Follow the system', light: 'Light', dark: 'Dark' },
  loading: 'Loading',
  tryAgain: 'Try again',
  close: 'Close',
  notReached: 'The server cannot be reached. Check the connection and try again.',
  somethingWrong: 'That did not work',
  timeZone: (zone: string) => `Times are in ${zone}.`,

  signIn: {
    heading: 'Sign in',
    why: 'Sign in to ask for reports and download them.',
    button: 'Sign in',
    signOut: 'Sign out',
    who: (admin: string, department: string) => `Admin ${admin}, department ${department}`,
  },

  ask: {
    open: 'Ask for a report',
    report: 'Report',
    chooseReport: 'Choose a report',
    conditions: 'Conditions',
    format: 'File format',
    locale: 'Language of the file',
    submit: 'Ask for it',
    required: (field: string) => `Please fill in: ${field}.`,
    choose: (field: string) => `Please choose: ${field}.`,
    forExample: (example: string) => `For example ${example}.`,
    listHint: 'Press Enter after each, or paste several separated by commas.',
    yes: 'Yes',
    no: 'No',
    period: 'Period',
    firstDay: 'Start date',
    lastDay: 'End date',
    chooseDay: 'Choose a date',
    presets: {
      lastWeek: 'Last 7 days',
      lastMonth: 'Last 30 days',
      thisMonth: 'This month',
      previousMonth: 'Previous month',
    },
    reusable: (at: string) => `The same was run before: there is a file of ${at}.`,
    useFile: (at: string) => `Use that file (${at})`,
    runAgain: 'Run again',
    running: 'The same is under way already.',
    locked: 'Another report of yours is under way. Wait for it or cancel it.',
    showActive: 'Show it',
    asked: (report: string) => `${report}: asked for`,
  },

  list: {
    heading: 'Downloads',
    empty: 'Nothing here yet. Ask for a report.',
    emptyFiltered: 'Nothing matches these filters.',
    more: 'Show more',
    scope: 'Whose',
    scopes: { own: 'My own', department: 'My department’s', all: 'Everybody’s' },
    anyStatus: 'Any status',
    anyReport: 'Any report',
    search: 'Find by id or link',
    find: 'Find',
    noId: 'That holds no id of a download.',
    broken: 'The connection is broken. Reconnecting …',
    actions: 'Actions',
    details: (report: string) => `Details: ${report}`,
  },

  record: {
    back: 'All downloads',
    notFound: 'There is no such download, or you may not see it.',
    id: 'Id',
    report: 'Report',
    status: 'Status',
    askedBy: 'Asked by',
    admin: (admin: string, department: string) => `admin ${admin}, department ${department}`,
    started: 'Started',
    took: 'Took',
    rows: 'Rows',
    size: 'Size',
    dataAsOf: 'Data as of',
    expires: 'Expires',
    conditions: 'Conditions',
    progress: 'Progress',
    history: 'History',
    cost: 'Cost (estimate)',
    masked: 'Masked columns',
    reused: 'A file that was made before is used.',
    noRows: (status: string) => `${status}, no rows`,
    none: '–',
  },

  status: {
    QUEUED: 'Queued',
    QUERYING: 'Gathering',
    WRITING: 'Writing the file',
    COMPLETED: 'Ready',
    FAILED: 'Failed',
    CANCELLED: 'Cancelled',
    EXPIRED: 'Expired',
  },

  progress: {
    stage: (number: string) => `Stage ${number}`,
    writing: 'File',
    source: (title: string, table: string) => `${title} (${table})`,
    rows: (amount: string, value: number) => count(amount, value === 1, 'row'),
    waiting: 'waiting',
    unfinished: 'not finished',
    changed: (report: string, status: string) => `${report}: ${status}`,
  },

  action: {
    download: 'Download',
    preview: 'Preview',
    copyLink: 'Copy link',
    copied: 'The link has been copied.',
    notCopied: (link: string) => `The link could not be copied. It is ${link}`,
    cancel: 'Cancel',
    cancelSure: 'Cancel this report?',
    cancelYes: 'Cancel it',
    cancelNo: 'Keep it',
    retry: 'Try again',
    /** For those who hear a button without seeing what it stands beside. */
    of: (action: string, report: string) => `${action}: ${report}`,
  },

  preview: {
    title: (report: string) => `Preview: ${report}`,
    first: (amount: string, value: number) => `The first ${count(amount, value === 1, 'row')}. The file has more.`,
    whole: (amount: string, value: number) => `The whole file: ${count(amount, value === 1, 'row')}.`,
  },

  failure: {
    heading: 'Why it failed',
    technical: 'Technical message',
    sourceList: (sources: string) => `Sources concerned: ${sources}.`,
    sourcesMissing: {
      why: 'Some of the data did not arrive in time. The databases named below were busy or could not be reached.',
      act: 'Try again in a few minutes. If it fails again, tell the operators which sources are missing.',
    },
    deadline: {
      why: 'The report was not finished within its time.',
      act: 'Try again, with a shorter period or fewer choices if there are any.',
    },
    definitionChanged: {
      why: 'The report’s definition was changed while it ran.',
      act: 'Try again: the new definition will be used.',
    },
    refused: {
      why: 'A database refused the query: the report or its access to the data is not as it should be.',
      act: 'Trying again will hardly help. Send the operators this download’s link.',
    },
    unavailable: {
      why: 'A database could not be reached.',
      act: 'Try again in a few minutes.',
    },
    rowTooLarge: {
      why: 'A row of the data is larger than a file may hold.',
      act: 'Narrow the conditions so that it is left out, or send the operators this download’s link.',
    },
    reportFault: {
      why: 'The report itself has a fault.',
      act: 'Trying again will not help until it is mended. Send the operators this download’s link.',
    },
    damaged: {
      why: 'The data was damaged on its way, and no file was made of it.',
      act: 'Try again. If it fails again, send the operators this download’s link.',
    },
    other: {
      why: 'Something went wrong while the report was made.',
      act: 'Try again. If it fails again, send the operators this download’s link.',
    },
  },
};

export type Texts = typeof en;
