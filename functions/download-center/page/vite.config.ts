import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The page and the API's reference, each with its hashed assets below /assets/; the manifest says what either loads. */
export default defineConfig({
  root: here('.'),
  base: '/',
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
