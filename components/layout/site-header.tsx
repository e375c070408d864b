'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { WalletButton } from '../wallet/wallet-button.tsx'
import { Logo } from './logo.tsx'
import { MoneyChip } from './money-chip.tsx'
import { OwnTab } from './own-tab.tsx'
import { ThemeToggle } from './theme-toggle.tsx'

const PAGES = [
  { href: '/', label: 'Watch' },
  { href: '/wallet/', label: 'Wallet' },
] as const

export function SiteHeader() {
  const path = usePathname()
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-paper/90 backdrop-blur">
      <div className="page-width flex h-16 items-center gap-1 sm:gap-4">
        <Link
          href="/"
          className="flex shrink-0 items-center gap-2.5 rounded-md"
          aria-label="Piecemeal, front page"
        >
          <Logo />
          <span className="hidden text-lg font-bold tracking-tight sm:block">Piecemeal</span>
        </Link>
        <nav aria-label="Pages" className="flex gap-0.5 sm:gap-1">
          {PAGES.map(({ href, label }) => {
            const isCurrent = href === '/' ? !path.startsWith('/wallet') : path.startsWith('/wallet')
            return (
              <Link
                key={href}
                href={href}
                aria-current={isCurrent ? 'page' : undefined}
                className="rounded-lg px-1.5 py-2 text-sm whitespace-nowrap first:max-sm:hidden font-medium text-muted hover:text-ink aria-[current]:text-ink aria-[current]:underline aria-[current]:decoration-pay-solid aria-[current]:decoration-2 aria-[current]:underline-offset-8 sm:px-3"
              >
                {label}
              </Link>
            )
          })}
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-1 sm:gap-2">
          <OwnTab instead={null}>
            <MoneyChip />
          </OwnTab>
          <ThemeToggle />
          <OwnTab instead={null}>
            <WalletButton />
          </OwnTab>
        </div>
      </div>
    </header>
  )
}
