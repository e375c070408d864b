import type { MutantRow } from '../../mutation.ts'

/** Of redeem, row by row. */
export const redeems: readonly MutantRow[] = [
  ['proof-of-any-row', 'proof.row == i', 'proof.row <= i', 'a proof meets the wrong row'],
  [
    'run-not-paid',
    'if (due > 0) token.push(payee, due);\n                unchecked {',
    'unchecked {',
    'a run before another payee is not paid',
  ],
  [
    'run-not-reset',
    'payee = rowPayee;\n                due = 0;',
    'payee = rowPayee;',
    'a payee is paid the one before it too',
  ],
  [
    'last-run-not-paid',
    '        // Interaction:\n        if (due > 0) token.push(payee, due);\n        unchecked {',
    '        unchecked {',
    'the last run is not paid',
  ],
  [
    'run-not-told',
    'paid += due;\n                }\n                payee = rowPayee;',
    '}\n                payee = rowPayee;',
    'a simulation takes a redemption of many for one of less',
  ],
  [
    'last-run-not-told',
    'unchecked {\n            paid += due;\n        }\n    }',
    '}',
    'a simulation takes a redemption for one that moves nothing',
  ],
  [
    'look-at-the-first',
    'SeatKey calldata key = keys[i];',
    'SeatKey calldata key = keys[0];',
    'every seat looks like one',
  ],
  [
    'look-past-the-seat',
    '(one.cap, one.claimed) = _seat(key.channelId, key.payee, one.signer);',
    '',
    'what was claimed is not seen',
  ],
  [
    'look-past-the-channel',
    '(one.signer, one.closeAtSec, one.status) = _channels[key.channelId].load();',
    'one.signer = msg.sender;',
    'no channel is ever seen',
  ],
  [
    'redeem-to-sender',
    '        // Interaction:\n        if (due > 0) token.push(payee, due);\n        unchecked {',
    '        if (due > 0) token.push(msg.sender, due);\n        unchecked {',
    'whoever sends the voucher has the money',
  ],
  [
    'zero-payee',
    'payee == address(0) || payee == address(this)',
    'payee == address(this)',
    'one row to nobody reverts its batch',
  ],
  [
    'contract-as-payee',
    ' || payee == address(this)) return 0;',
    ') return 0;',
    'money is paid to the contract itself',
  ],
  [
    'proof-of-another-channel',
    'if (channelId(channel) != row.channelId) return 0;',
    '',
    'a made-up channel gives a cap in a real one',
  ],
  ['redeem-stale', 'if (cumulative <= claimed) return 0;', '', 'an old voucher pays'],
  [
    'redeem-equal',
    'if (cumulative <= claimed)',
    'if (cumulative < claimed)',
    'a stale row is written and announced',
  ],
  [
    'redeem-over-cap',
    'if (cumulative > cap) return 0;',
    'if (cap == 0) return 0;',
    'a payee takes another’s reserve',
  ],
  ['redeem-below-cap', 'if (cumulative > cap)', 'if (cumulative >= cap)', 'the last unit is denied'],
  [
    'pays-cumulative',
    'earned = cumulative - claimed;',
    'earned = cumulative;',
    'what was paid is paid again',
  ],
  ['smaller-leaf-locks', 'if (provenCap > cap &&', 'if (provenCap > 0 &&', 'a second leaf lowers a cap'],
  ['caps-add-up', 'cap = provenCap;', 'cap += provenCap;', 'two proofs pay twice'],
  [
    'redeem-settled',
    'provenCap > cap && _channels[id].isLiveOf(signer)',
    'provenCap > cap',
    'a settled channel pays on',
  ],
  [
    'settle-not-while-closing',
    'status == ChannelStatus.Open || status == ChannelStatus.Closing;',
    'status == ChannelStatus.Open;',
    'a closing channel is never settled',
  ],
  [
    'claim-not-kept',
    'seat_.store(cap, cumulative);',
    'seat_.store(cap, claimed);',
    'a voucher pays again and again',
  ],
  [
    'cap-not-kept',
    'seat_.store(cap, cumulative);',
    'seat_.store(claimed, cumulative);',
    'later rows find no seat',
  ],
]

/** Of what stands where in storage. */
export const slots: readonly MutantRow[] = [
  [
    'redeem-unsigned',
    'isLive := and(eq(shr(96, shl(96, word)), signer), or',
    'isLive := and(1, or',
    'anyone writes vouchers',
  ],
  [
    'redeem-by-proof-of-settled',
    'or(eq(status, open), eq(status, closing)))',
    'gt(status, 0))',
    'a settled channel pays on',
  ],
  [
    'redeem-first-not-while-closing',
    'or(eq(status, open), eq(status, closing)))',
    'eq(status, open))',
    'a payer closes and payees are denied',
  ],
  [
    'seat-without-signer',
    'mstore(add(free, 64), signer)',
    'mstore(add(free, 64), 0)',
    'anyone writes vouchers of a known seat',
  ],
  ['seat-without-payee', 'mstore(add(free, 32), payee)', 'mstore(add(free, 32), 0)', 'a cap is taken over'],
  ['seat-without-channel', 'mstore(free, id)', 'mstore(free, 0)', 'a cap counts in every channel'],
]
