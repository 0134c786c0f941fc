import { App, ConfigProvider } from 'antd';
import { Suspense, startTransition, use, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { downloadCenterClient } from '../../../shared/api-client/client.ts';
import { formatFor } from './common/format.ts';
import { loadLanguage } from './common/language.ts';
import { SurroundingsContext } from './common/page-context.ts';
import { loadSettings, type Settings, saveSettings } from './common/settings.ts';
import { themeOf } from './common/theme.ts';
import { SessionGate } from './session/session-gate.tsx';

/** Where the choices of a control open: within the same landmark, so that those who hear the page find them there. */
const popupContainerOf = (control?: HTMLElement) =>
  control?.closest<HTMLElement>('[role=dialog], header, main') ?? document.body;

const darkScheme = matchMedia('(prefers-color-scheme: dark)');

function useSystemIsDark(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      darkScheme.addEventListener('change', onChange);
      return () => darkScheme.removeEventListener('change', onChange);
    },
    () => darkScheme.matches,
  );
}

/** The whole page: the person's language and look around everything else. */
export function Root() {
  const [settings, setSettings] = useState(() => loadSettings(localStorage, navigator.languages));
  const change = useCallback((changed: Partial<Settings>) => {
    saveSettings(localStorage, changed);
    // What is shown stays until the other language has been loaded.
    startTransition(() => setSettings((current) => ({ ...current, ...changed })));
  }, []);
  return (
    <Suspense>
      <Surrounded settings={settings} change={change} />
    </Suspense>
  );
}

function Surrounded({ settings, change }: { settings: Settings; change: (change: Partial<Settings>) => void }) {
  const { locale, appearance } = settings;
  const { texts, antd } = use(loadLanguage(locale));
  const systemIsDark = useSystemIsDark();
  const dark = appearance === 'system' ? systemIsDark : appearance === 'dark';
  const theme = useMemo(() => themeOf(dark), [dark]);

  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [locale, dark]);

  const surroundings = useMemo(
    () => ({
      locale,
      texts,
      format: formatFor(locale),
      settings,
      change,
      client: downloadCenterClient({ origin: '', locale }),
    }),
    [locale, texts, settings, change],
  );
  return (
    <SurroundingsContext value={surroundings}>
      <ConfigProvider
        locale={antd}
        theme={theme}
        button={{ autoInsertSpace: false }}
        getPopupContainer={popupContainerOf}
      >
        <App notification={{ placement: 'bottomRight' }}>
          <SessionGate />
        </App>
      </ConfigProvider>
    </SurroundingsContext>
  );
}
