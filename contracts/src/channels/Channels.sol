// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Everything that a channel's id commits to.
struct Channel {
    /// Whose purse pays, and who gets the refund.
    address payer;
    /// The key that signs vouchers.
    address signer;
    /// Root of the Merkle-sum tree of seats.
    bytes32 root;
    /// Sum of all caps.
    uint128 total;
    /// From `startClose` to the first `settle` that needs no releases.
    uint32 closeDelaySec;
    /// keccak256 of the note that the opening carries.
    bytes32 salt;
}

/// @notice One payee's exclusive reserve in a channel.
struct SeatLeaf {
    /// Where the money goes.
    address payee;
    /// May sign this seat's release, nothing else.
    address delegate;
    uint128 cap;
}

/// @notice One sibling on the way from a leaf to the root.
struct ProofStep {
    bytes32 hash;
    uint128 sum;
    /// True when the sibling stands on the left.
    bool isLeft;
}

/// @notice Shows the contract a seat that it has not seen yet; the leaf's payee is the row's.
struct SeatProof {
    /// Index in `rows` of the row that this proof is for. Proofs are ordered by it.
    uint256 row;
    Channel channel;
    address delegate;
    uint128 cap;
    ProofStep[] path;
}

/// @notice A voucher to redeem.
struct RedeemRow {
    bytes32 channelId;
    address payee;
    uint128 cumulative;
    /// The signature's r.
    bytes32 r;
    /// The signature's s, with v - 27 in its highest bit (ERC-2098). Rows are fixed in size because they come in hundreds.
    bytes32 vs;
}

/// @notice A seat's final figure, signed by its payee or delegate (65 bytes r, s, v).
struct Release {
    address payee;
    uint128 cumulative;
    bytes signature;
}

/// @notice What settling one channel needs: every leaf and the releases at hand, both ordered by payee.
struct Settlement {
    Channel channel;
    SeatLeaf[] leaves;
    Release[] releases;
}

/// @notice Which seat of which channel to look at. A payee of zero asks for the channel alone.
struct SeatKey {
    bytes32 channelId;
    address payee;
}

/// @notice What the chain knows of a channel and one of its seats.
struct SeatView {
    ChannelStatus status;
    address signer;
    /// 0 before `startClose`.
    uint40 closeAtSec;
    /// 0 before the seat's first redeem.
    uint128 cap;
    uint128 claimed;
}

enum ChannelStatus {
    Unknown,
    Open,
    Closing,
    Settled
}

/// @notice One slot a channel, never cleared: so an id never opens twice.
struct ChannelSlot {
    address signer;
    uint40 closeAtSec;
    ChannelStatus status;
}

/// @notice One slot a (payer, signer).
struct Purse {
    uint128 balance;
    /// From then on only the payer may open out of it.
    uint64 untilSec;
}

/// @notice One slot a (channel, payee, signer), written at the seat's first redeem: that it is not zero proves the signer,
/// and that the channel was opened with this cap. Settled with something unclaimed, its halves are swapped: see `Slots`.
struct Seat {
    uint128 cap;
    uint128 claimed;
}
