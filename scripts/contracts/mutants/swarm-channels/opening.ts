import type { MutantRow } from '../../mutation.ts'

/** Of purses: fund, defund. */
export const purses: readonly MutantRow[] = [
  [
    'token-without-code',
    'if (token_.code.length == 0) revert SwarmChannels_TokenHasNoCode(token_);',
    '',
    'calls of a token that is not there succeed',
  ],
  [
    'defund-keeps-purse',
    'purse_.store(balance - amount, untilSec);',
    'purse_.store(balance, untilSec);',
    'a purse pays out twice',
  ],
  [
    'defund-drops-end',
    'purse_.store(balance - amount, untilSec);',
    'purse_.store(balance - amount, 0);',
    'a withdrawal revokes the key',
  ],
  [
    'defund-anyones-purse',
    '_purses[msg.sender][signer];\n        (uint128 balance,',
    '_purses[signer][signer];\n        (uint128 balance,',
    'the wrong purse pays',
  ],
  [
    'defund-to-signer',
    'token.push(msg.sender, amount);',
    'token.push(signer, amount);',
    'the session key is paid',
  ],
  [
    'defund-unchecked',
    'if (balance < amount) revert SwarmChannels_PurseTooLow(balance, amount);',
    '',
    'a purse goes below zero',
  ],
  [
    'defund-off-by-one',
    'if (balance < amount) revert',
    'if (balance <= amount) revert',
    'the last unit is stuck',
  ],
  [
    'fund-zero-signer',
    'if (signer == address(0)) revert SwarmChannels_SignerIsZero();\n        // Interaction',
    '// Interaction',
    'money goes to a key that nobody has',
  ],
  [
    'fund-forgets',
    'purse_.store(balance + amount, untilSec);',
    'purse_.store(amount, untilSec);',
    'what was in the purse is lost',
  ],
  [
    'fund-drops-end',
    'purse_.store(balance + amount, untilSec);',
    'purse_.store(balance + amount, 0);',
    'a key has no power',
  ],
  ['fund-for-nothing', 'if (amount > 0) _pull(amount);', '', 'a purse filled with other people’s money'],
  ['funded-in-silence', 'emit Funded(msg.sender, signer, amount, untilSec);', '', 'a funding has no event'],
  ['defunded-in-silence', 'emit Defunded(msg.sender, signer, amount);', '', 'a withdrawal has no event'],
  ['pull-less', ' || current - before < amount) revert', ') revert', 'more is credited than came'],
  [
    'pull-more',
    'if (current - before > amount) revert SwarmChannels_Reentered();',
    '',
    'a nested funding is credited twice',
  ],
]

/** Of channels on their way in: open, fundAndOpen. */
export const openings: readonly MutantRow[] = [
  [
    'open-expired',
    'if (block.timestamp >= untilSec) revert SwarmChannels_PurseExpired(untilSec);',
    '',
    'a stolen key has power for ever',
  ],
  [
    'open-expires-late',
    'if (block.timestamp >= untilSec) revert',
    'if (block.timestamp > untilSec) revert',
    'the end is not the end',
  ],
  [
    'open-without-word',
    'if (msg.sender != signer && Signatures.recover(openDigest(id), signature) != signer) {',
    'if (false) {',
    'anyone reserves a payer’s money',
  ],
  [
    'open-by-voucher',
    'Signatures.recover(openDigest(id), signature)',
    'Signatures.recover(voucherDigest(id, channel.payer, channel.total), signature)',
    'a voucher opens channels',
  ],
  [
    'open-keeps-purse',
    'purse_.store(_open(id, channel, note, payer, signer, balance), untilSec);',
    '_open(id, channel, note, payer, signer, balance);',
    'a purse is spent again and again',
  ],
  [
    'open-drops-end',
    'purse_.store(_open(id, channel, note, payer, signer, balance), untilSec);',
    'purse_.store(_open(id, channel, note, payer, signer, balance), 0);',
    'a key opens once',
  ],
  [
    'fund-and-open-by-anyone',
    'if (msg.sender != channel.payer) revert SwarmChannels_NotAllowed(msg.sender);',
    '',
    'a stranger opens with another’s purse',
  ],
  ['fund-and-open-keeps-purse', 'purse_.store(left, untilSec);', '', 'a purse is spent again and again'],
  [
    'fund-and-open-same-end',
    'if (left == balance && untilSec',
    'if (untilSec',
    'a purse is spent again and again',
  ],
  ['fund-and-open-same-sum', ' && untilSec == wasUntilSec) return', ') return', 'a key’s end does not move'],
  [
    'fund-and-open-forgets',
    'channel.signer, balance + amount);',
    'channel.signer, balance);',
    'what was funded is lost',
  ],
  [
    'open-zero-total',
    'if (total == 0) revert SwarmChannels_TotalIsZero();',
    '',
    'channels that hold nothing',
  ],
  ['open-short-delay', 'closeDelaySec < MIN_CLOSE_DELAY_SEC || ', '', 'payees have no time to redeem'],
  ['open-delay-bound', 'closeDelaySec < MIN_CLOSE', 'closeDelaySec <= MIN_CLOSE', 'one hour is refused'],
  ['open-long-delay', ' || closeDelaySec > MAX_CLOSE_DELAY_SEC', '', 'money is locked for years'],
  [
    'open-without-note',
    'if (_hash(note) != channel.salt) revert SwarmChannels_NoteMismatch(id);',
    '',
    'a cleared browser loses the seats of its channels',
  ],
  [
    'open-note-cut',
    'hash := keccak256(free, note.length)',
    'hash := keccak256(free, 16)',
    'the seats can be stripped from an opening',
  ],
  [
    'open-note-elsewhere',
    'calldatacopy(free, note.offset, note.length)',
    'calldatacopy(free, 4, note.length)',
    'no opening fits its note',
  ],
  [
    'open-again',
    'if (status != ChannelStatus.Unknown) revert SwarmChannels_AlreadyOpened(id);',
    '',
    'vouchers replay on a reopened channel',
  ],
  [
    'open-again-once-settled',
    'if (status != ChannelStatus.Unknown) revert',
    'if (_isLive(status)) revert',
    'vouchers replay on a reopened channel',
  ],
  [
    'open-beyond-purse',
    'if (balance < total) revert SwarmChannels_PurseTooLow(balance, total);',
    '',
    'a channel on other people’s money',
  ],
  [
    'open-off-by-one',
    'if (balance < total) revert',
    'if (balance <= total) revert',
    'the last unit is stuck',
  ],
  ['open-for-nothing', 'return balance - total;', 'return balance;', 'a channel on other people’s money'],
  ['open-unwritten', 'slot.store(signer, 0, ChannelStatus.Open);', '', 'the money is gone'],
  [
    'opened-in-silence',
    'emit Opened(id, payer, signer, channel.root, total, closeDelaySec, channel.salt);',
    '',
    'nobody can rebuild a lost channel',
  ],
]
