// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../../src/channels/ISwarmChannels.sol";
import {ITrc20} from "../../../src/shared/ITrc20.sol";
import {
    Channel, ChannelStatus, ProofStep, RedeemRow, Release, SeatLeaf, SeatProof, Settlement
} from "../../../src/channels/Channels.sol";
import {SeatPaths} from "./SeatPaths.sol";
import {vm} from "./Vm.sol";

/// @notice A payer with tokens, its session key, three seeders with delegates, and short words for what they do.
abstract contract SwarmFixture {
    uint256 internal constant PAYER_KEY = 0xA11CE;
    uint256 internal constant SIGNER_KEY = 0x51611E6;
    uint256 internal constant FIRST_PAYEE_KEY = 0xBEE;
    uint256 internal constant FIRST_DELEGATE_KEY = 0xDE1E6A7E;
    uint128 internal constant PURSE = 10_000 ether;
    uint128 internal constant CAP = 100 ether;
    uint64 internal constant UNTIL_SEC = 2_000_000_000;
    uint40 internal constant NOW_SEC = 1_900_000_000;

    ITrc20 internal token;
    ISwarmChannels internal swarm;
    address internal payer;
    address internal signer;
    address internal stranger = address(0x5744);

    /// What each test's `setUp` calls; not `setUp` itself, which an invariant run would call at random.
    function prepare() internal {
        vm.warp(NOW_SEC);
        payer = vm.addr(PAYER_KEY);
        signer = vm.addr(SIGNER_KEY);
        // The committed bytes: what ships is what is tested.
        useToken(ITrc20(vm.deployCode("artifacts/BttToken.json")));
    }

    /// A new contract for a token of which this test holds the supply; the payer has twice a purse, one of it funded.
    function useToken(ITrc20 other) internal {
        token = other;
        swarm = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        // Not typed: some of our tokens return nothing.
        (bool success,) = address(token).call(abi.encodeCall(ITrc20.transfer, (payer, 2 * PURSE)));
        require(success, "transfer");
        vm.startPrank(payer);
        token.approve(address(swarm), type(uint256).max);
        swarm.fund(signer, PURSE, UNTIL_SEC);
        vm.stopPrank();
    }

    function payeeKey(uint256 index) internal pure returns (uint256) {
        return FIRST_PAYEE_KEY + index;
    }

    /// `count` seats of `CAP`, ordered by payee.
    function seats(uint256 count) internal pure returns (SeatLeaf[] memory leaves) {
        leaves = new SeatLeaf[](count);
        for (uint256 i = 0; i < count; ++i) {
            SeatLeaf memory leaf = SeatLeaf(vm.addr(payeeKey(i)), vm.addr(FIRST_DELEGATE_KEY + i), CAP);
            uint256 place = i;
            for (; place > 0 && leaves[place - 1].payee > leaf.payee; --place) {
                leaves[place] = leaves[place - 1];
            }
            leaves[place] = leaf;
        }
    }

    function keyOf(address who, uint256 first, uint256 count) internal pure returns (uint256) {
        for (uint256 key = first; key < first + count; ++key) {
            if (vm.addr(key) == who) return key;
        }
        revert("no key");
    }

    /// What an opening carries: 16 bytes that no other channel has, and the leaves in clear.
    function noteOf(SeatLeaf[] memory leaves, uint256 salt) internal pure returns (bytes memory note) {
        note = abi.encodePacked(bytes16(uint128(salt)));
        for (uint256 i = 0; i < leaves.length; ++i) {
            note = abi.encodePacked(note, leaves[i].payee, leaves[i].delegate, leaves[i].cap);
        }
    }

    /// The note of a channel that `channelOf` or `saltOf` made.
    mapping(bytes32 salt => bytes note) internal notes;

    /// The salt of a note, which is kept for the opening.
    function saltOf(bytes memory note) internal returns (bytes32 salt) {
        salt = keccak256(note);
        notes[salt] = note;
    }

    function channelOf(SeatLeaf[] memory leaves, uint256 salt) internal returns (Channel memory) {
        (bytes32 root, uint128 total) = SeatPaths.rootOf(leaves);
        return Channel(payer, signer, root, total, 1 days, saltOf(noteOf(leaves, salt)));
    }

    function openBy(address sender, Channel memory channel) internal returns (bytes32 id) {
        vm.prank(sender);
        swarm.open(channel, notes[channel.salt], "");
        return swarm.channelId(channel);
    }

    function signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function rowBy(uint256 key, bytes32 id, address payee, uint128 cumulative)
        internal
        view
        returns (RedeemRow memory)
    {
        return rowSigned(key, swarm.voucherDigest(id, payee, cumulative), id, payee, cumulative);
    }

    function rowSigned(uint256 key, bytes32 digest, bytes32 id, address payee, uint128 cumulative)
        internal
        pure
        returns (RedeemRow memory)
    {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return RedeemRow(id, payee, cumulative, r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }

    function rowOf(bytes32 id, address payee, uint128 cumulative) internal view returns (RedeemRow memory) {
        return rowBy(SIGNER_KEY, id, payee, cumulative);
    }

    function proofOf(uint256 row, Channel memory channel, SeatLeaf[] memory leaves, uint256 index)
        internal
        pure
        returns (SeatProof memory)
    {
        (,, ProofStep[] memory path) = SeatPaths.walk(leaves, index);
        return SeatProof(row, channel, leaves[index].delegate, leaves[index].cap, path);
    }

    function releaseBy(uint256 key, bytes32 id, address payee, uint128 cumulative)
        internal
        view
        returns (Release memory)
    {
        return Release(payee, cumulative, signed(key, swarm.releaseDigest(id, payee, cumulative)));
    }

    /// By the delegate, as seeders do.
    function releaseOf(bytes32 id, SeatLeaf memory leaf, uint128 cumulative) internal view returns (Release memory) {
        return releaseBy(keyOf(leaf.delegate, FIRST_DELEGATE_KEY, 32), id, leaf.payee, cumulative);
    }

    /// Redeems one voucher, with its proof.
    function redeemFirst(Channel memory channel, SeatLeaf[] memory leaves, uint256 index, uint128 cumulative) internal {
        bytes32 id = swarm.channelId(channel);
        swarm.redeem(
            one(rowOf(id, leaves[index].payee, cumulative)), one(proofOf(0, channel, leaves, index))
        );
    }

    function one(RedeemRow memory row) internal pure returns (RedeemRow[] memory rows) {
        rows = new RedeemRow[](1);
        rows[0] = row;
    }

    function one(SeatProof memory proof) internal pure returns (SeatProof[] memory proofs) {
        proofs = new SeatProof[](1);
        proofs[0] = proof;
    }

    function one(Release memory release) internal pure returns (Release[] memory releases) {
        releases = new Release[](1);
        releases[0] = release;
    }

    function noProofs() internal pure returns (SeatProof[] memory) {
        return new SeatProof[](0);
    }

    function noReleases() internal pure returns (Release[] memory) {
        return new Release[](0);
    }

    function statusOf(bytes32 id) internal view returns (ChannelStatus status) {
        (status,,) = swarm.channelState(id);
    }

    function purseBalance() internal view returns (uint128 balance) {
        (balance,) = swarm.purse(payer, signer);
    }

    function claimedOf(bytes32 id, address payee) internal view returns (uint128 claimed) {
        (, claimed) = swarm.seat(id, payee);
    }

    function assertEq(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert(string.concat(what, ": ", text(actual), " is not ", text(expected)));
    }

    function assertTrue(bool condition, string memory what) internal pure {
        if (!condition) revert(what);
    }

    function text(uint256 value) private pure returns (string memory) {
        if (value < 10) return string(abi.encodePacked(bytes1(uint8(48 + value))));
        return string.concat(text(value / 10), text(value % 10));
    }
}
