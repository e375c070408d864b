/** Written by scripts/contracts/compile.ts from contracts/src: change the Solidity, not this file. */
export const swarmChannelsAbi = [
  {
    inputs: [{ internalType: 'address', name: 'token_', type: 'address' }],
    stateMutability: 'nonpayable',
    type: 'constructor',
  },
  {
    inputs: [{ internalType: 'bytes32', name: 'channelId', type: 'bytes32' }],
    name: 'SwarmChannels_AlreadyOpened',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'uint256', name: 'index', type: 'uint256' }],
    name: 'SwarmChannels_BadLeaf',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'address', name: 'payee', type: 'address' }],
    name: 'SwarmChannels_BadRelease',
    type: 'error',
  },
  { inputs: [], name: 'SwarmChannels_BadSignature', type: 'error' },
  {
    inputs: [{ internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' }],
    name: 'SwarmChannels_CloseDelayOutOfRange',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'address', name: 'sender', type: 'address' }],
    name: 'SwarmChannels_NotAllowed',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'bytes32', name: 'channelId', type: 'bytes32' }],
    name: 'SwarmChannels_NotOpen',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'bytes32', name: 'channelId', type: 'bytes32' }],
    name: 'SwarmChannels_NoteMismatch',
    type: 'error',
  },
  {
    inputs: [{ internalType: 'uint64', name: 'untilSec', type: 'uint64' }],
    name: 'SwarmChannels_PurseExpired',
    type: 'error',
  },
  {
    inputs: [
      { internalType: 'uint128', name: 'balance', type: 'uint128' },
      { internalType: 'uint128', name: 'needed', type: 'uint128' },
    ],
    name: 'SwarmChannels_PurseTooLow',
    type: 'error',
  },
  { inputs: [], name: 'SwarmChannels_ReceivedTooLittle', type: 'error' },
  { inputs: [], name: 'SwarmChannels_Reentered', type: 'error' },
  {
    inputs: [{ internalType: 'address', name: 'payee', type: 'address' }],
    name: 'SwarmChannels_SeatStillOpen',
    type: 'error',
  },
  { inputs: [], name: 'SwarmChannels_SignerIsZero', type: 'error' },
  {
    inputs: [{ internalType: 'address', name: 'token', type: 'address' }],
    name: 'SwarmChannels_TokenHasNoCode',
    type: 'error',
  },
  { inputs: [], name: 'SwarmChannels_TokenRefused', type: 'error' },
  { inputs: [], name: 'SwarmChannels_TotalIsZero', type: 'error' },
  {
    inputs: [{ internalType: 'bytes32', name: 'channelId', type: 'bytes32' }],
    name: 'SwarmChannels_TreeMismatch',
    type: 'error',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
      { indexed: false, internalType: 'uint40', name: 'closeAtSec', type: 'uint40' },
    ],
    name: 'Closing',
    type: 'event',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'address', name: 'payer', type: 'address' },
      { indexed: true, internalType: 'address', name: 'signer', type: 'address' },
      { indexed: false, internalType: 'uint128', name: 'amount', type: 'uint128' },
    ],
    name: 'Defunded',
    type: 'event',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'address', name: 'payer', type: 'address' },
      { indexed: true, internalType: 'address', name: 'signer', type: 'address' },
      { indexed: false, internalType: 'uint128', name: 'amount', type: 'uint128' },
      { indexed: false, internalType: 'uint64', name: 'untilSec', type: 'uint64' },
    ],
    name: 'Funded',
    type: 'event',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
      { indexed: true, internalType: 'address', name: 'payer', type: 'address' },
      { indexed: true, internalType: 'address', name: 'signer', type: 'address' },
      { indexed: false, internalType: 'bytes32', name: 'root', type: 'bytes32' },
      { indexed: false, internalType: 'uint128', name: 'total', type: 'uint128' },
      { indexed: false, internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
      { indexed: false, internalType: 'bytes32', name: 'salt', type: 'bytes32' },
    ],
    name: 'Opened',
    type: 'event',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
      { indexed: true, internalType: 'address', name: 'payee', type: 'address' },
      { indexed: false, internalType: 'uint128', name: 'amount', type: 'uint128' },
    ],
    name: 'SeatPaid',
    type: 'event',
  },
  {
    anonymous: false,
    inputs: [
      { indexed: true, internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
      { indexed: false, internalType: 'uint128', name: 'refund', type: 'uint128' },
    ],
    name: 'Settled',
    type: 'event',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'address', name: 'payer', type: 'address' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'bytes32', name: 'root', type: 'bytes32' },
          { internalType: 'uint128', name: 'total', type: 'uint128' },
          { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
          { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
        ],
        internalType: 'struct Channel',
        name: 'channel',
        type: 'tuple',
      },
    ],
    name: 'channelId',
    outputs: [{ internalType: 'bytes32', name: 'id', type: 'bytes32' }],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [{ internalType: 'bytes32', name: 'id', type: 'bytes32' }],
    name: 'channelState',
    outputs: [
      { internalType: 'enum ChannelStatus', name: 'status', type: 'uint8' },
      { internalType: 'address', name: 'signer', type: 'address' },
      { internalType: 'uint40', name: 'closeAtSec', type: 'uint40' },
    ],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          {
            components: [
              { internalType: 'address', name: 'payer', type: 'address' },
              { internalType: 'address', name: 'signer', type: 'address' },
              { internalType: 'bytes32', name: 'root', type: 'bytes32' },
              { internalType: 'uint128', name: 'total', type: 'uint128' },
              { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
              { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
            ],
            internalType: 'struct Channel',
            name: 'channel',
            type: 'tuple',
          },
          {
            components: [
              { internalType: 'address', name: 'payee', type: 'address' },
              { internalType: 'address', name: 'delegate', type: 'address' },
              { internalType: 'uint128', name: 'cap', type: 'uint128' },
            ],
            internalType: 'struct SeatLeaf[]',
            name: 'leaves',
            type: 'tuple[]',
          },
          {
            components: [
              { internalType: 'address', name: 'payee', type: 'address' },
              { internalType: 'uint128', name: 'cumulative', type: 'uint128' },
              { internalType: 'bytes', name: 'signature', type: 'bytes' },
            ],
            internalType: 'struct Release[]',
            name: 'releases',
            type: 'tuple[]',
          },
        ],
        internalType: 'struct Settlement[]',
        name: 'settlements',
        type: 'tuple[]',
      },
      { internalType: 'address', name: 'signer', type: 'address' },
    ],
    name: 'closeOut',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'address', name: 'signer', type: 'address' },
      { internalType: 'uint128', name: 'amount', type: 'uint128' },
    ],
    name: 'defund',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [],
    name: 'domainSeparator',
    outputs: [{ internalType: 'bytes32', name: '', type: 'bytes32' }],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'address', name: 'signer', type: 'address' },
      { internalType: 'uint128', name: 'amount', type: 'uint128' },
      { internalType: 'uint64', name: 'untilSec', type: 'uint64' },
    ],
    name: 'fund',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'uint128', name: 'amount', type: 'uint128' },
      { internalType: 'uint64', name: 'untilSec', type: 'uint64' },
      {
        components: [
          { internalType: 'address', name: 'payer', type: 'address' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'bytes32', name: 'root', type: 'bytes32' },
          { internalType: 'uint128', name: 'total', type: 'uint128' },
          { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
          { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
        ],
        internalType: 'struct Channel',
        name: 'channel',
        type: 'tuple',
      },
      { internalType: 'bytes', name: 'note', type: 'bytes' },
    ],
    name: 'fundAndOpen',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
          { internalType: 'address', name: 'payee', type: 'address' },
        ],
        internalType: 'struct SeatKey[]',
        name: 'keys',
        type: 'tuple[]',
      },
    ],
    name: 'look',
    outputs: [
      {
        components: [
          { internalType: 'enum ChannelStatus', name: 'status', type: 'uint8' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'uint40', name: 'closeAtSec', type: 'uint40' },
          { internalType: 'uint128', name: 'cap', type: 'uint128' },
          { internalType: 'uint128', name: 'claimed', type: 'uint128' },
        ],
        internalType: 'struct SeatView[]',
        name: 'views',
        type: 'tuple[]',
      },
    ],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'address', name: 'payer', type: 'address' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'bytes32', name: 'root', type: 'bytes32' },
          { internalType: 'uint128', name: 'total', type: 'uint128' },
          { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
          { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
        ],
        internalType: 'struct Channel',
        name: 'channel',
        type: 'tuple',
      },
      { internalType: 'bytes', name: 'note', type: 'bytes' },
      { internalType: 'bytes', name: 'signature', type: 'bytes' },
    ],
    name: 'open',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [{ internalType: 'bytes32', name: 'id', type: 'bytes32' }],
    name: 'openDigest',
    outputs: [{ internalType: 'bytes32', name: '', type: 'bytes32' }],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'address', name: 'payer', type: 'address' },
      { internalType: 'address', name: 'signer', type: 'address' },
    ],
    name: 'purse',
    outputs: [
      { internalType: 'uint128', name: 'balance', type: 'uint128' },
      { internalType: 'uint64', name: 'untilSec', type: 'uint64' },
    ],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'bytes32', name: 'channelId', type: 'bytes32' },
          { internalType: 'address', name: 'payee', type: 'address' },
          { internalType: 'uint128', name: 'cumulative', type: 'uint128' },
          { internalType: 'bytes32', name: 'r', type: 'bytes32' },
          { internalType: 'bytes32', name: 'vs', type: 'bytes32' },
        ],
        internalType: 'struct RedeemRow[]',
        name: 'rows',
        type: 'tuple[]',
      },
      {
        components: [
          { internalType: 'uint256', name: 'row', type: 'uint256' },
          {
            components: [
              { internalType: 'address', name: 'payer', type: 'address' },
              { internalType: 'address', name: 'signer', type: 'address' },
              { internalType: 'bytes32', name: 'root', type: 'bytes32' },
              { internalType: 'uint128', name: 'total', type: 'uint128' },
              { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
              { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
            ],
            internalType: 'struct Channel',
            name: 'channel',
            type: 'tuple',
          },
          { internalType: 'address', name: 'delegate', type: 'address' },
          { internalType: 'uint128', name: 'cap', type: 'uint128' },
          {
            components: [
              { internalType: 'bytes32', name: 'hash', type: 'bytes32' },
              { internalType: 'uint128', name: 'sum', type: 'uint128' },
              { internalType: 'bool', name: 'isLeft', type: 'bool' },
            ],
            internalType: 'struct ProofStep[]',
            name: 'path',
            type: 'tuple[]',
          },
        ],
        internalType: 'struct SeatProof[]',
        name: 'proofs',
        type: 'tuple[]',
      },
    ],
    name: 'redeem',
    outputs: [{ internalType: 'uint256', name: 'paid', type: 'uint256' }],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'bytes32', name: 'id', type: 'bytes32' },
      { internalType: 'address', name: 'payee', type: 'address' },
      { internalType: 'uint128', name: 'cumulative', type: 'uint128' },
    ],
    name: 'releaseDigest',
    outputs: [{ internalType: 'bytes32', name: '', type: 'bytes32' }],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'bytes32', name: 'id', type: 'bytes32' },
      { internalType: 'address', name: 'payee', type: 'address' },
    ],
    name: 'seat',
    outputs: [
      { internalType: 'uint128', name: 'cap', type: 'uint128' },
      { internalType: 'uint128', name: 'claimed', type: 'uint128' },
    ],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'address', name: 'payee', type: 'address' },
          { internalType: 'address', name: 'delegate', type: 'address' },
          { internalType: 'uint128', name: 'cap', type: 'uint128' },
        ],
        internalType: 'struct SeatLeaf[]',
        name: 'leaves',
        type: 'tuple[]',
      },
    ],
    name: 'seatTree',
    outputs: [
      { internalType: 'bytes32', name: 'root', type: 'bytes32' },
      { internalType: 'uint128', name: 'total', type: 'uint128' },
    ],
    stateMutability: 'pure',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'address', name: 'payer', type: 'address' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'bytes32', name: 'root', type: 'bytes32' },
          { internalType: 'uint128', name: 'total', type: 'uint128' },
          { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
          { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
        ],
        internalType: 'struct Channel',
        name: 'channel',
        type: 'tuple',
      },
      {
        components: [
          { internalType: 'address', name: 'payee', type: 'address' },
          { internalType: 'address', name: 'delegate', type: 'address' },
          { internalType: 'uint128', name: 'cap', type: 'uint128' },
        ],
        internalType: 'struct SeatLeaf[]',
        name: 'leaves',
        type: 'tuple[]',
      },
      {
        components: [
          { internalType: 'address', name: 'payee', type: 'address' },
          { internalType: 'uint128', name: 'cumulative', type: 'uint128' },
          { internalType: 'bytes', name: 'signature', type: 'bytes' },
        ],
        internalType: 'struct Release[]',
        name: 'releases',
        type: 'tuple[]',
      },
    ],
    name: 'settle',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [
      {
        components: [
          { internalType: 'address', name: 'payer', type: 'address' },
          { internalType: 'address', name: 'signer', type: 'address' },
          { internalType: 'bytes32', name: 'root', type: 'bytes32' },
          { internalType: 'uint128', name: 'total', type: 'uint128' },
          { internalType: 'uint32', name: 'closeDelaySec', type: 'uint32' },
          { internalType: 'bytes32', name: 'salt', type: 'bytes32' },
        ],
        internalType: 'struct Channel',
        name: 'channel',
        type: 'tuple',
      },
    ],
    name: 'startClose',
    outputs: [],
    stateMutability: 'nonpayable',
    type: 'function',
  },
  {
    inputs: [],
    name: 'token',
    outputs: [{ internalType: 'address', name: '', type: 'address' }],
    stateMutability: 'view',
    type: 'function',
  },
  {
    inputs: [
      { internalType: 'bytes32', name: 'id', type: 'bytes32' },
      { internalType: 'address', name: 'payee', type: 'address' },
      { internalType: 'uint128', name: 'cumulative', type: 'uint128' },
    ],
    name: 'voucherDigest',
    outputs: [{ internalType: 'bytes32', name: '', type: 'bytes32' }],
    stateMutability: 'view',
    type: 'function',
  },
] as const
