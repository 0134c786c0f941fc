import { App, ConfigProvider } from 'antd';
import { Suspense, startTransition, use, useCallback, useEffect, useMemo, useState } from 'react';
import { downloadCenterClient } from '../../../shared/api-client/client.ts';
import { timedFetch } from './common/clock.ts';
import { formatFor } from './common/format.ts';
import { LoadBoundary } from './common/load-boundary.tsx';
import { PageContext } from './common/page-context.ts';
import { loadSettings, type Settings, saveSettings } from './common/settings.ts';
import { themeOf } from './common/theme.ts';
import { useMedia } from './common/use-media.ts';
import { CurrentView } from './current-view.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { loadLanguage } from './texts/load-language.ts';

/** Returns where dropdowns and dialogs open: within a landmark, so that users of screen readers find them there. */
const popupContainerOf = (control?: HTMLElement) =>
  control?.closest<HTMLElement>('.ant-drawer, header, main') ?? document.querySelector('main') ?? document.body;

/** A function, because in a browser that permits no storage, even the name throws. */
const storage = () => localStorage;

/** The whole page, within the person's language and appearance. */
export function Root() {
  const [settings, setSettings] = useState(() => loadSettings(storage, navigator.languages));
  const changeSettings = useCallback(async (changed: Partial<Settings>) => {
    saveSettings(storage, changed);
    // The page stays as it is until the other language has been loaded, or if loading fails.
    if (changed.locale) await loadLanguage(changed.locale);
    startTransition(() => setSettings((current) => ({ ...current, ...changed })));
  }, []);
  return (
    <LoadBoundary locale={settings.locale}>
      <Suspense>
        <Page settings={settings} changeSettings={changeSettings} />
      </Suspense>
    </LoadBoundary>
  );
}

interface PageProps {
  settings: Settings;
  changeSettings: (changed: Partial<Settings>) => Promise<void>;
}

function Page({ settings, changeSettings }: PageProps) {
  const { locale, appearance } = settings;
  const { texts, antd } = use(loadLanguage(locale));
  const systemIsDark = useMedia('(prefers-color-scheme: dark)');
  const reduceMotion = useMedia('(prefers-reduced-motion: reduce)');
  const dark = appearance === 'system' ? systemIsDark : appearance === 'dark';
  const theme = useMemo(() => themeOf(dark, reduceMotion), [dark, reduceMotion]);

  useEffect(() => {
    document.documentElement.lang = locale;
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [locale, dark]);

  const context = useMemo(
    () => ({
      locale,
      texts,
      format: formatFor(locale),
      settings,
      changeSettings,
      client: downloadCenterClient({ origin: '', locale, fetch: timedFetch }),
    }),
    [locale, texts, settings, changeSettings],
  );
  return (
    <PageContext value={context}>
      <ConfigProvider
        locale={antd}
        theme={theme}
        // The lists are short, and only a complete list has its options in the page for screen readers.
        virtual={false}
        button={{ autoInsertSpace: false }}
        getPopupContainer={popupContainerOf}
        // The chosen option would be too faint to read while the dropdown is open.
        select={{ styles: { content: { opacity: 1 } } }}
      >
        <App notification={{ placement: 'bottomRight' }}>
          <SessionGate>
            <CurrentView />
          </SessionGate>
        </App>
      </ConfigProvider>
    </PageContext>
  );
}
