// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "../../../src/channels/ISwarmChannels.sol";
import {ITrc20} from "../../../src/shared/ITrc20.sol";
import {Channel, ChannelStatus, SeatLeaf} from "../../../src/channels/Channels.sol";
import {SeatPaths} from "./SeatPaths.sol";
import {SwarmFixture} from "./SwarmFixture.sol";
import {vm} from "./Vm.sol";

/// @notice Payers, signers and payees, and a ledger of what each of them must own, kept without ever asking the contract.
/// Signer 0 is the key of payer 0 and of payer 1; payees 0 and 1 share a delegate, payee 2 has none, and payer 2 is a
/// payee as well.
abstract contract SwarmWorld is SwarmFixture {
    uint256 public constant PAYERS = 3;
    uint256 public constant SIGNERS = 4;
    uint256 public constant PAYEES = 8;
    uint256 internal constant THIEF_KEY = 0x7817F;
    uint256 private constant FIRST_PAYER_KEY = 0xA11CE00;
    uint256 private constant FIRST_SIGNER_KEY = 0x51600;
    uint256 private constant STAKE = 1e32;

    /// A channel that was opened, and who stands behind its addresses.
    struct Life {
        Channel channel;
        bytes32 id;
        uint256 payer;
        uint256 signer;
        ChannelStatus status;
        uint256 closeAtSec;
        uint256[] payees;
    }

    struct Spot {
        uint128 cap;
        uint128 claimed;
        /// The highest voucher within the cap that the signer ever signed.
        uint128 promised;
        /// The contract has seen its proof.
        bool isKnown;
    }

    uint256 public funded;
    uint256 public purses;
    uint256 public reserved;
    uint256 public paid;
    uint256 public refunded;
    uint256 public donated;
    uint256 public calls;
    mapping(address owner => uint256) public expectedBalance;
    mapping(uint256 payer => mapping(uint256 signer => uint128)) public purseOf;
    mapping(uint256 payer => mapping(uint256 signer => uint64)) public untilOf;
    mapping(string act => uint256) public countOf;

    address[] internal payers;
    address[] internal signers;
    address[] internal payees;
    address internal thief;
    Life[] internal lives;
    mapping(uint256 life => mapping(uint256 payee => Spot)) internal spots;
    mapping(address who => uint256) internal keyBehind;
    uint256 internal nowSec = NOW_SEC;
    address[] private _delegates;
    uint256 private _dice;

    constructor() {
        vm.warp(nowSec);
        token = ITrc20(vm.deployCode("artifacts/BttToken.json"));
        swarm = ISwarmChannels(vm.deployCode("artifacts/SwarmChannels.json", abi.encode(token)));
        thief = _know(THIEF_KEY);
        _stake(thief);
        for (uint256 i = 0; i < PAYERS; ++i) {
            payers.push(_know(FIRST_PAYER_KEY + i));
            _stake(payers[i]);
        }
        for (uint256 i = 0; i < SIGNERS; ++i) {
            signers.push(_know(FIRST_SIGNER_KEY + i));
        }
        for (uint256 i = 0; i < PAYEES; ++i) {
            _insertPayee(i == PAYEES - 1 ? payers[2] : _know(FIRST_PAYEE_KEY + i));
        }
        for (uint256 i = 0; i < PAYEES; ++i) {
            _delegates.push(i == 2 ? address(0) : _know(FIRST_DELEGATE_KEY + (i == 1 ? 0 : i)));
        }
    }

    function _know(uint256 key) private returns (address who) {
        who = vm.addr(key);
        keyBehind[who] = key;
    }

    function _stake(address who) private {
        token.transfer(who, STAKE);
        expectedBalance[who] = STAKE;
        vm.prank(who);
        token.approve(address(swarm), type(uint256).max);
    }

    function _insertPayee(address payee) private {
        payees.push(payee);
        for (uint256 i = payees.length - 1; i > 0 && payees[i - 1] > payees[i]; --i) {
            (payees[i - 1], payees[i]) = (payees[i], payees[i - 1]);
        }
    }

    /// Begins an action: its dice follow from the seed and from how many came before.
    modifier acts(uint256 seed) {
        _dice = uint256(keccak256(abi.encode(seed, ++calls)));
        vm.warp(nowSec);
        _;
    }

    function roll(uint256 bound) internal returns (uint256) {
        _dice = uint256(keccak256(abi.encode(_dice)));
        return _dice % bound;
    }

    function count(string memory act) internal {
        ++countOf[act];
    }

    function livesCount() public view returns (uint256) {
        return lives.length;
    }

    function isLive(uint256 life) public view returns (bool) {
        return lives[life].status == ChannelStatus.Open || lives[life].status == ChannelStatus.Closing;
    }

    /// A life that is not settled, by the dice; `livesCount()` when there is none.
    function pickLive() internal returns (uint256) {
        uint256 size = lives.length;
        uint256 from = size == 0 ? 0 : roll(size);
        for (uint256 i = 0; i < size; ++i) {
            if (isLive((from + i) % size)) return (from + i) % size;
        }
        return size;
    }

    function pickSeat(uint256 life) internal returns (uint256 payee) {
        return lives[life].payees[roll(lives[life].payees.length)];
    }

    /// A key that may sign nothing about this life: another signer's, its payer's, a payee's or the thief's.
    function wrongKey(uint256 life) internal returns (uint256) {
        uint256 which = roll(4);
        if (which == 0) return keyBehind[signers[(lives[life].signer + 1 + roll(SIGNERS - 1)) % SIGNERS]];
        if (which == 1) return keyBehind[lives[life].channel.payer];
        if (which == 2) return keyBehind[payees[roll(PAYEES)]];
        return THIEF_KEY;
    }

    function signerKey(uint256 life) internal view returns (uint256) {
        return keyBehind[lives[life].channel.signer];
    }

    function leavesOf(uint256 life) public view returns (SeatLeaf[] memory leaves) {
        uint256[] storage seated = lives[life].payees;
        leaves = new SeatLeaf[](seated.length);
        for (uint256 i = 0; i < leaves.length; ++i) {
            leaves[i] = SeatLeaf(payees[seated[i]], _delegates[seated[i]], spots[life][seated[i]].cap);
        }
    }

    /// Where a payee stands among the leaves.
    function placeOf(uint256 life, uint256 payee) internal view returns (uint256 place) {
        while (lives[life].payees[place] != payee) ++place;
    }

    /// A new channel, 1 to 8 seats wide, that only exists on paper yet.
    function plan(uint256 payer_, uint256 signer_) internal returns (uint256 life) {
        life = lives.length;
        lives.push();
        uint256 mask = 1 + roll(2 ** PAYEES - 1);
        // Half of the channels are small: the money of the purses lasts for more of them.
        if (roll(2) == 0) mask = (1 << roll(PAYEES)) | (1 << roll(PAYEES));
        for (uint256 i = 0; i < PAYEES; ++i) {
            if (mask & (1 << i) == 0) continue;
            lives[life].payees.push(i);
            spots[life][i] = Spot(uint128(1 + roll(CAP)), 0, 0, false);
        }
        (bytes32 root, uint128 total) = SeatPaths.rootOf(leavesOf(life));
        Channel memory channel = Channel(
            payers[payer_], signers[signer_], root, total, uint32(1 hours + roll(29 days)), saltOf(noteOf(leavesOf(life), life))
        );
        lives[life].channel = channel;
        lives[life].id = swarm.channelId(channel);
        lives[life].payer = payer_;
        lives[life].signer = signer_;
    }

    /// Takes back a plan that was not opened.
    function unplan() internal {
        lives.pop();
    }

    function noteFunded(uint256 payer_, uint256 signer_, uint128 amount, uint64 untilSec) internal {
        purseOf[payer_][signer_] += amount;
        untilOf[payer_][signer_] = untilSec;
        expectedBalance[payers[payer_]] -= amount;
        funded += amount;
        purses += amount;
    }

    function noteDefunded(uint256 payer_, uint256 signer_, uint128 amount) internal {
        purseOf[payer_][signer_] -= amount;
        expectedBalance[payers[payer_]] += amount;
        purses -= amount;
        refunded += amount;
    }

    function noteOpened(uint256 life) internal {
        uint128 total = lives[life].channel.total;
        purseOf[lives[life].payer][lives[life].signer] -= total;
        lives[life].status = ChannelStatus.Open;
        purses -= total;
        reserved += total;
    }

    function notePaid(uint256 payee, uint128 amount) internal {
        expectedBalance[payees[payee]] += amount;
        reserved -= amount;
        paid += amount;
    }

    function noteSettled(uint256 life, uint128 refund) internal {
        lives[life].status = ChannelStatus.Settled;
        expectedBalance[lives[life].channel.payer] += refund;
        reserved -= refund;
        refunded += refund;
    }
}
