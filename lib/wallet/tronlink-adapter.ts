/**
 * The one adapter that we use. A file of its own with a static import, so that bundlers drop the other twenty-odd of
 * the package; load it with `import()`. It must never run outside of a page.
 */
export { TronLinkAdapter } from '@tronweb3/tronwallet-adapters'
