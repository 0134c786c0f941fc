import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Hides Ant Design's icons from screen readers. Ant Design gives them English names, such as "down", but every icon of
 * this page is next to text that says the same in the page's language.
 */
const silentIcons: Plugin = {
  name: 'silent-icons',
  transform: {
    filter: { id: /@ant-design\/icons\/es\/components\/AntdIconLight\.js$/ },
    handler(code) {
      const silent = code.replace(/role: "img",\s*"aria-label": icon\.name/, '"aria-hidden": true');
      if (silent === code) this.error('the icons are no longer named as they were');
      return silent;
    },
  },
};

/**
 * Builds the page and the API's reference, with hashed assets below /assets/. The manifest lists what each of them
 * loads.
 */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [silentIcons],
  build: {
    outDir: here('../dist'),
    emptyOutDir: true,
    manifest: true,
    // The Content-Security-Policy permits data: URLs for images only.
    assetsInlineLimit: 0,
    // The bundle of the reference page is one large file, and that is accepted.
    chunkSizeWarningLimit: 2000,
    // Every browser that supports the page's language features supports this too.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { page: here('index.html'), docs: here('docs.html') },
      // Ant Design marks its files for server-side rendering, which is not used here.
      checks: { moduleLevelDirective: false },
    },
  },
});
