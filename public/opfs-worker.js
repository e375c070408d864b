// Chunk files in the origin's private file system, through synchronous access handles (only workers have them).
// One file a torrent, pieces at their offsets. Requests: {id, op, name, ...}; replies: {id, bytes?} or {id, error, code}.

/** @type {Map<string, Promise<any>>} */
const handles = new Map()
const FOLDER = 'torrents'

async function folder() {
  const root = await navigator.storage.getDirectory()
  return root.getDirectoryHandle(FOLDER, { create: true })
}

/** @param {string} name */
function open(name) {
  const known = handles.get(name)
  if (known) return known
  const opening = folder()
    .then((directory) => directory.getFileHandle(name, { create: true }))
    .then((file) => file.createSyncAccessHandle())
  handles.set(name, opening)
  opening.catch(() => handles.delete(name))
  return opening
}

/** @param {string} name */
async function close(name) {
  const opening = handles.get(name)
  handles.delete(name)
  if (opening) (await opening).close()
}

/** @param {string} name */
async function remove(name) {
  await close(name).catch(() => undefined)
  const directory = await folder()
  await directory.removeEntry(name).catch((error) => {
    if (error.name !== 'NotFoundError') throw error
  })
}

/** @type {Record<string, (request: any) => Promise<Uint8Array | void>>} */
const operations = {
  async probe() {
    const handle = await open('.probe')
    handle.write(new Uint8Array(1), { at: 0 })
    await remove('.probe')
  },
  async put({ name, at, bytes }) {
    const handle = await open(name)
    if (handle.write(bytes, { at }) !== bytes.length)
      throw new DOMException('short write', 'QuotaExceededError')
  },
  async get({ name, at, length }) {
    const handle = await open(name)
    const bytes = new Uint8Array(length)
    if (handle.read(bytes, { at }) !== length) throw new Error('beyond the end of the file')
    return bytes
  },
  async flush({ name }) {
    const handle = await handles.get(name)
    handle?.flush()
  },
  close: ({ name }) => close(name),
  remove: ({ name }) => remove(name),
}

self.onmessage = async ({ data }) => {
  try {
    const bytes = await operations[data.op](data)
    if (bytes) self.postMessage({ id: data.id, bytes }, [bytes.buffer])
    else self.postMessage({ id: data.id })
  } catch (error) {
    self.postMessage({ id: data.id, error: String(error), code: error?.name ?? 'Error' })
  }
}
