import { Select, theme } from 'antd';
import { type ReactNode, useEffect } from 'react';
import { usePageContext } from '../common/page-context.ts';
import { APPEARANCES, LOCALES } from '../common/settings.ts';

/** What is around every view: the title, who one is, language and appearance, and the time zone. */
export function Shell({ user, children }: { user: ReactNode; children: ReactNode }) {
  const { locale, texts, format, settings, changeSettings } = usePageContext();
  const { token } = theme.useToken();

  useEffect(() => {
    document.documentElement.style.setProperty('--ground', token.colorBgLayout);
  }, [token.colorBgLayout]);

  return (
    <div className="shell" style={{ color: token.colorText, background: token.colorBgLayout }}>
      <a className="skip-link" href="#content">
        {texts.skipToContent}
      </a>
      <header style={{ background: token.colorBgContainer, borderBlockEnd: `1px solid ${token.colorBorderSecondary}` }}>
        <span className="title">{texts.title}</span>
        {user}
        <Select
          aria-label={texts.language}
          value={locale}
          options={[...LOCALES]}
          onChange={(chosen) => changeSettings({ locale: chosen })}
          popupMatchSelectWidth={false}
        />
        <Select
          aria-label={texts.theme}
          value={settings.appearance}
          options={APPEARANCES.map((value) => ({ value, label: texts.themes[value] }))}
          onChange={(appearance) => changeSettings({ appearance })}
          popupMatchSelectWidth={false}
        />
      </header>
      <main id="content" tabIndex={-1}>
        {children}
      </main>
      <footer style={{ color: token.colorTextSecondary }}>{texts.timeZone(format.zone)}</footer>
    </div>
  );
}
