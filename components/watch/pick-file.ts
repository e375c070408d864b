import type { WatchSnapshot } from '@/lib/features/library/index.ts'

type File = WatchSnapshot['files'][number]

/** What to show first: the largest film, else the largest sound, else the first file. */
export function pickFile(files: readonly File[], wantedIndex: number | null): File | null {
  const wanted = files.find(({ index }) => index === wantedIndex)
  if (wanted) return wanted
  const largest = (prefix: string): File | undefined =>
    files
      .filter(({ mimeType }) => mimeType.startsWith(prefix))
      .sort((a, b) => b.lengthBytes - a.lengthBytes)[0]
  return largest('video/') ?? largest('audio/') ?? files[0] ?? null
}

export const getFileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
