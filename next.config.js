/** @type {import('next').NextConfig} */
export default {
  output: 'export',
  trailingSlash: true,
  reactStrictMode: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  devIndicators: false,
  // `npm run check:types` checks every file, tests too; a build need not wait for it.
  typescript: { ignoreBuildErrors: true },
}
