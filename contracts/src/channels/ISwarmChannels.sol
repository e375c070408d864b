// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    Channel, ChannelStatus, RedeemRow, Release, SeatKey, SeatLeaf, SeatProof, SeatView, Settlement
} from "./Channels.sol";

/// @title Payment channels from one payer to a swarm of payees, for one TRC-20 token.
/// @notice No owner, no proxy, no pause. Invariant: funded = purses + reserved + paid + refunded, at every step.
/// Vouchers, openings and releases are TIP-712 typed data in the domain ("SwarmChannels", "1", chain id, this contract):
/// `Voucher(bytes32 channel,address payee,uint128 cumulative)`, `Open(bytes32 channel)` and
/// `Release(bytes32 channel,address payee,uint128 cumulative)`.
interface ISwarmChannels {
    /// @notice A purse was filled. A `fundAndOpen` that leaves the purse as it was is told by `Opened` alone.
    event Funded(address indexed payer, address indexed signer, uint128 amount, uint64 untilSec);
    event Defunded(address indexed payer, address indexed signer, uint128 amount);
    event Opened(
        bytes32 indexed channelId,
        address indexed payer,
        address indexed signer,
        bytes32 root,
        uint128 total,
        uint32 closeDelaySec,
        bytes32 salt
    );
    /// @notice A settlement paid `amount` to a seat's payee, over what `redeem` had paid before. A redemption itself is told by
    /// the token's own event, one a run, and by `seat`: an event of ours a row would be a sixth of its cost.
    event SeatPaid(bytes32 indexed channelId, address indexed payee, uint128 amount);
    event Closing(bytes32 indexed channelId, uint40 closeAtSec);
    event Settled(bytes32 indexed channelId, uint128 refund);

    error SwarmChannels_TokenHasNoCode(address token);
    error SwarmChannels_SignerIsZero();
    error SwarmChannels_TokenRefused();
    /// @notice Less than was asked for came in: the token took a fee, or lied.
    error SwarmChannels_ReceivedTooLittle();
    /// @notice More than was asked for came in: another funding was nested in this one.
    error SwarmChannels_Reentered();
    error SwarmChannels_PurseTooLow(uint128 balance, uint128 needed);
    error SwarmChannels_PurseExpired(uint64 untilSec);
    error SwarmChannels_NotAllowed(address sender);
    error SwarmChannels_BadSignature();
    error SwarmChannels_TotalIsZero();
    error SwarmChannels_CloseDelayOutOfRange(uint32 closeDelaySec);
    error SwarmChannels_NoteMismatch(bytes32 channelId);
    error SwarmChannels_AlreadyOpened(bytes32 channelId);
    error SwarmChannels_NotOpen(bytes32 channelId);
    error SwarmChannels_TreeMismatch(bytes32 channelId);
    error SwarmChannels_BadLeaf(uint256 index);
    error SwarmChannels_BadRelease(address payee);
    error SwarmChannels_SeatStillOpen(address payee);

    /// @notice Puts tokens of the sender into its purse for `signer` and sets when that key's power ends.
    /// @dev Reverts unless exactly `amount` arrives. An `amount` of 0 only moves `untilSec` (0 revokes the key).
    function fund(address signer, uint128 amount, uint64 untilSec) external;

    /// @notice Takes `amount` back out of the sender's purse for `signer`: what is in a purse is promised to nobody.
    function defund(address signer, uint128 amount) external;

    /// @notice Reserves `channel.total` out of the purse of (payer, signer).
    /// @dev By the payer at any time; until the purse's `untilSec` by the signer, or by anyone with the signer's `Open`.
    /// @param note What `channel.salt` is the keccak256 of. By convention 16 random bytes and every leaf (payee, delegate, cap:
    /// 56 bytes) in the tree's order, so that whoever has the opening's transaction can settle. The contract reads nothing of it.
    /// @param signature 65 bytes r, s, v when the sender is neither payer nor signer; ignored otherwise.
    function open(Channel calldata channel, bytes calldata note, bytes calldata signature) external;

    /// @notice `fund(channel.signer, amount, untilSec)` and `open(channel, note)` at once, by the payer.
    function fundAndOpen(uint128 amount, uint64 untilSec, Channel calldata channel, bytes calldata note) external;

    /// @notice Pays vouchers. Anyone may send it: money goes to the payees only. Open until the channel is settled.
    /// @dev A row that is stale, over its cap, badly signed, of an unknown seat or of a settled channel is skipped, never
    /// a revert, so that nobody can spoil a batch by redeeming one row of it first. Rows of one payee that follow each
    /// other are paid by one transfer.
    /// @param proofs For rows whose seat is not on the chain yet, ordered by `row`. A seat's cap can only rise by a proof.
    /// @return paid What the call moved in all, so that a simulation tells whether it is worth sending.
    function redeem(RedeemRow[] calldata rows, SeatProof[] calldata proofs) external returns (uint256 paid);

    /// @notice Starts the close delay, once, by payer or signer.
    function startClose(Channel calldata channel) external;

    /// @notice Pays every released seat, refunds the rest to the payer, and ends the channel. By payer or signer.
    /// @dev A release closes its seat at the greater of its figure and what was claimed. Unless every seat is released or
    /// used up, the channel must be closing and its delay over; then seats without a release keep what they claimed.
    /// @param leaves All leaves, ordered by payee.
    /// @param releases Ordered by payee; a bad one reverts.
    function settle(Channel calldata channel, SeatLeaf[] calldata leaves, Release[] calldata releases) external;

    /// @notice Settles channels of the sender and empties its purse for `signer`, with one refund.
    function closeOut(Settlement[] calldata settlements, address signer) external;

    function token() external view returns (address);

    function purse(address payer, address signer) external view returns (uint128 balance, uint64 untilSec);

    /// @notice `closeAtSec` is 0 before `startClose`.
    function channelState(bytes32 id)
        external
        view
        returns (ChannelStatus status, address signer, uint40 closeAtSec);

    /// @notice Zeroes before the seat's first redeem. Not changed by the settlement, whose payments are in its events.
    function seat(bytes32 id, address payee) external view returns (uint128 cap, uint128 claimed);

    /// @notice `channelState` and `seat` of many seats in one call.
    function look(SeatKey[] calldata keys) external view returns (SeatView[] memory views);

    function channelId(Channel calldata channel) external view returns (bytes32);

    /// @notice Root and sum of leaves; reverts as `settle` would on bad ones.
    function seatTree(SeatLeaf[] calldata leaves) external pure returns (bytes32 root, uint128 total);

    function domainSeparator() external view returns (bytes32);

    function voucherDigest(bytes32 id, address payee, uint128 cumulative) external view returns (bytes32);

    function openDigest(bytes32 id) external view returns (bytes32);

    function releaseDigest(bytes32 id, address payee, uint128 cumulative) external view returns (bytes32);
}
