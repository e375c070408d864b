import type { Metadata, Viewport } from 'next'
import { ThemeProvider } from 'next-themes'
import type { ReactNode } from 'react'
import { Notices } from '@/components/layout/notices.tsx'
import { PageProblem } from '@/components/layout/page-problem.tsx'
import { SiteFooter } from '@/components/layout/site-footer.tsx'
import { SiteHeader } from '@/components/layout/site-header.tsx'
import { NodeProvider } from '@/hooks/node-provider.tsx'
import './globals.css'

export const metadata: Metadata = {
  title: { default: 'Piecemeal: watch torrents, pay seeders piece by piece', template: '%s · Piecemeal' },
  description:
    'Watch a torrent in the browser while it downloads, and pay the people who seed it, piece by piece, in BTT on TRON.',
  applicationName: 'Piecemeal',
  referrer: 'no-referrer',
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f5f0' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1315' },
  ],
}

export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="flex min-h-dvh flex-col antialiased">
        <ThemeProvider attribute="class" defaultTheme="system" enableSystem disableTransitionOnChange>
          <NodeProvider>
            <a
              href="#main"
              className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-ink focus:p-3 focus:text-paper"
            >
              Skip to the content
            </a>
            <SiteHeader />
            <PageProblem />
            <main id="main" tabIndex={-1} className="flex-1 outline-none">
              {children}
            </main>
            <SiteFooter />
            <Notices />
          </NodeProvider>
        </ThemeProvider>
      </body>
    </html>
  )
}
