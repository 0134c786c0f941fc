import { type ThemeConfig, theme } from 'antd';

/**
 * Some of Ant Design's own text colours have less than WCAG's contrast of 4.5 to 1. These colours have it on every
 * background of the page.
 */
const LIGHT = {
  colorPrimary: '#0958d9',
  colorPrimaryHover: '#1565e0',
  colorLink: '#0958d9',
  colorLinkHover: '#003eb3',
  colorInfo: '#0958d9',
  colorSuccess: '#237804',
  colorWarning: '#874d00',
  colorError: '#a8071a',
  // Ant Design would derive these from the colours above, too dark for text of the same colour.
  colorInfoBg: '#e6f4ff',
  colorSuccessBg: '#f6ffed',
  colorWarningBg: '#fffbe6',
  colorErrorBg: '#fff1f0',
  colorErrorBorder: '#ffa39e',
  colorWarningBorder: '#ffe58f',
  colorInfoBorder: '#91caff',
  colorTextSecondary: '#4b4b4b',
  colorTextTertiary: '#595959',
  colorTextDescription: '#595959',
  colorTextPlaceholder: '#6b6b6b',
};

const DARK = {
  colorPrimary: '#1668dc',
  colorLink: '#69b1ff',
  colorInfo: '#69b1ff',
  colorLinkHover: '#91caff',
  colorSuccess: '#73d13d',
  colorError: '#ff7875',
  colorTextSecondary: '#c9c9c9',
  colorTextTertiary: '#b5b5b5',
  colorTextDescription: '#b5b5b5',
  colorTextPlaceholder: '#a3a3a3',
};

/** On hover, a button would become too light for its white text. */
const DARK_BUTTON = { colorPrimaryHover: '#1554ad', defaultHoverColor: '#69b1ff', defaultHoverBorderColor: '#69b1ff' };

/** Returns the theme. `reduceMotion` is for a person who prefers no motion. */
export function themeOf(dark: boolean, reduceMotion: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: { ...(dark ? DARK : LIGHT), motion: !reduceMotion },
    components: {
      ...(dark ? { Button: DARK_BUTTON } : {}),
      Switch: { colorTextQuaternary: '#6b6b6b', colorTextTertiary: '#595959' },
    },
    // The page has only one version of Ant Design, so its class names need no hash.
    hashed: false,
  };
}
