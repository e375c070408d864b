// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Channel, ChannelStatus, RedeemRow, Release, SeatKey, SeatLeaf, SeatProof, SeatView} from "../../src/channels/Channels.sol";
import {SwarmFixture} from "./support/SwarmFixture.sol";
import {vm} from "./support/Vm.sol";

/// @notice What TRON's node does otherwise than Ethereum's, and what a client asks of it at once.
contract TronTest is SwarmFixture {
    /// Above the 160 bits of an address: TRON's prefix, and the worst that a precompile could leave there.
    uint256[2] private dirt = [uint256(0x41) << 160, type(uint256).max << 160];
    SeatLeaf[] private leaves;
    Channel private channel;
    bytes32 private id;

    function setUp() external {
        prepare();
        SeatLeaf[] memory three = seats(3);
        for (uint256 i = 0; i < 3; ++i) {
            leaves.push(three[i]);
        }
        channel = channelOf(three, 1);
        id = openBy(signer, channel);
    }

    /// From now on `ecrecover` answers this signature with more than an address.
    function soil(bytes32 digest, uint256 key, uint256 with) private {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        vm.mockCall(
            address(1), abi.encode(digest, uint256(v), r, s), abi.encode(uint256(uint160(vm.addr(key))) | with)
        );
    }

    function recovered(bytes32 digest, uint256 key) private view returns (uint256 word) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        (, bytes memory answer) = address(1).staticcall(abi.encode(digest, uint256(v), r, s));
        return abi.decode(answer, (uint256));
    }

    function test_ARecoveredAddressIsItsLow160Bits() external {
        for (uint256 i = 0; i < dirt.length; ++i) {
            address payee = leaves[i].payee;
            bytes32 first = swarm.voucherDigest(id, payee, 40);
            bytes32 second = swarm.voucherDigest(id, payee, 45);
            soil(first, SIGNER_KEY, dirt[i]);
            soil(second, SIGNER_KEY, dirt[i]);
            assertTrue(recovered(first, SIGNER_KEY) >> 160 != 0, "the precompile is dirty");
            redeemFirst(channel, leaves, i, 40);
            assertEq(token.balanceOf(payee), 40, "first row");
            swarm.redeem(one(rowOf(id, payee, 45)), noProofs());
            assertEq(token.balanceOf(payee), 45, "repeat row");
        }
    }

    function test_AReleaseAndAnOpeningAreReadSoToo() external {
        for (uint256 i = 0; i < dirt.length; ++i) {
            SeatLeaf[] memory one_ = seats(1);
            Channel memory next = channelOf(one_, 10 + i);
            bytes32 nextId = swarm.channelId(next);
            soil(swarm.openDigest(nextId), SIGNER_KEY, dirt[i]);
            bytes memory word = signed(SIGNER_KEY, swarm.openDigest(nextId));
            vm.prank(stranger);
            swarm.open(next, notes[next.salt], word);
            uint128 figure = uint128(7 + i);
            uint256 before = token.balanceOf(one_[0].payee);
            soil(swarm.releaseDigest(nextId, one_[0].payee, figure), FIRST_DELEGATE_KEY, dirt[i]);
            Release memory release = releaseBy(FIRST_DELEGATE_KEY, nextId, one_[0].payee, figure);
            vm.prank(payer);
            swarm.settle(next, one_, one(release));
            assertEq(token.balanceOf(one_[0].payee) - before, figure, "paid");
        }
    }

    function test_ADirtyAnswerIsNobodyElses() external {
        // Signed by another key: the low bits decide, whatever stands above them.
        bytes32 digest = swarm.voucherDigest(id, leaves[0].payee, 40);
        soil(digest, payeeKey(0), dirt[0]);
        swarm.redeem(one(rowBy(payeeKey(0), id, leaves[0].payee, 40)), one(proofOf(0, channel, leaves, 0)));
        assertEq(token.balanceOf(leaves[0].payee), 0, "paid");
    }

    function test_RedeemTellsWhatItMoved() external {
        RedeemRow[] memory rows = new RedeemRow[](4);
        SeatProof[] memory proofs = new SeatProof[](2);
        (rows[0], rows[1]) = (rowOf(id, leaves[0].payee, 3), rowOf(id, leaves[0].payee, 5));
        (rows[2], rows[3]) = (rowOf(id, leaves[1].payee, 7), rowOf(id, leaves[2].payee, 11));
        (proofs[0], proofs[1]) = (proofOf(0, channel, leaves, 0), proofOf(2, channel, leaves, 1));
        assertEq(swarm.redeem(rows, proofs), 12, "two runs, one row without a proof");
        assertEq(swarm.redeem(rows, proofs), 0, "the same again");
        rows[3].cumulative = 12;
        assertEq(swarm.redeem(rows, noProofs()), 0, "a bad row");
        assertEq(swarm.redeem(new RedeemRow[](0), noProofs()), 0, "no row");
        assertEq(
            swarm.redeem(one(rowOf(id, leaves[2].payee, 13)), one(proofOf(0, channel, leaves, 2))), 13, "one run"
        );
    }

    function test_LookTellsOfManySeatsWhatTheSingleViewsTell() external {
        redeemFirst(channel, leaves, 0, 40);
        Channel memory other = channelOf(seats(2), 2);
        openBy(payer, other);
        vm.prank(payer);
        swarm.startClose(other);
        bytes32[3] memory ids = [id, swarm.channelId(other), keccak256("nobody's")];
        SeatKey[] memory keys = new SeatKey[](6);
        for (uint256 i = 0; i < keys.length; ++i) {
            keys[i] = SeatKey(ids[i % 3], i < 3 ? leaves[0].payee : address(0));
        }
        settleOne();
        SeatView[] memory views = swarm.look(keys);
        assertEq(views.length, keys.length, "views");
        for (uint256 i = 0; i < keys.length; ++i) {
            (ChannelStatus status, address by, uint40 closeAtSec) = swarm.channelState(keys[i].channelId);
            (uint128 cap, uint128 claimed) = swarm.seat(keys[i].channelId, keys[i].payee);
            assertTrue(views[i].status == status && views[i].signer == by, "channel");
            assertEq(views[i].closeAtSec, closeAtSec, "closeAtSec");
            assertEq(views[i].cap, cap, "cap");
            assertEq(views[i].claimed, claimed, "claimed");
        }
        assertTrue(views[0].status == ChannelStatus.Settled && views[0].claimed == 40, "settled");
        assertTrue(views[1].status == ChannelStatus.Closing && views[1].closeAtSec == NOW_SEC + 1 days, "closing");
        assertTrue(views[2].status == ChannelStatus.Unknown && views[2].signer == address(0), "unknown");
    }

    function settleOne() private {
        Release[] memory releases = new Release[](3);
        for (uint256 i = 0; i < 3; ++i) {
            releases[i] = releaseOf(id, leaves[i], 50);
        }
        vm.prank(payer);
        swarm.settle(channel, leaves, releases);
    }
}
