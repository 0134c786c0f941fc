import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Ant Design gives its icons English names, such as "down", for those who hear the page. Ours all stand beside words that say as much, in the page's language: they are there for the eye alone.
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

/** The page and the API's reference, each with its hashed assets below /assets/; the manifest says what either loads. */
export default defineConfig({
  root: here('.'),
  base: '/',
  plugins: [silentIcons],
  build: {
    outDir: here('../dist'),
    emptyOutDir: true,
    manifest: true,
    // The Content-Security-Policy takes no data: URLs.
    assetsInlineLimit: 0,
    // The reference page's bundle is one file and is as large as it is.
    chunkSizeWarningLimit: 2000,
    // Every browser that has what the page is written in has this, too.
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { page: here('index.html'), docs: here('docs.html') },
      // Ant Design marks its files for servers that render: there is none here.
      checks: { moduleLevelDirective: false },
    },
  },
});
