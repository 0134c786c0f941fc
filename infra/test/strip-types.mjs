import { stripTypeScriptTypes } from 'node:module';

/** Jest transform: the type stripping of Node itself, so that tests run the same code as production. */
export default { process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }) };
