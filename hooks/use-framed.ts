'use client'
import { useSyncExternalStore } from 'react'
import { isFramed } from '@/lib/kernel/framed.ts'

const unchanging = () => () => undefined

/** Whether another page shows this one in a frame: then it only watches. */
export const useFramed = (): boolean => useSyncExternalStore(unchanging, isFramed, () => false)
