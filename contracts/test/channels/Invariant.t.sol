// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SwarmOracle} from "./support/SwarmOracle.sol";
import {vm} from "./support/Vm.sol";

contract InvariantTest {
    /// Where each run writes what it did, for scripts/contracts/forge-test.ts to add up.
    string private constant TALLY = "cache/invariant-tally.txt";
    SwarmOracle private world;

    function setUp() external {
        world = new SwarmOracle();
    }

    /// forge asks here whom to call.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    /// The questions are no actions.
    function excludeSelectors() external view returns (FuzzSelector[] memory excluded) {
        excluded = new FuzzSelector[](1);
        excluded[0] = FuzzSelector(address(world), new bytes4[](2));
        excluded[0].selectors[0] = SwarmOracle.checkVoucher.selector;
        excluded[0].selectors[1] = SwarmOracle.windDown.selector;
    }

    /// One function, because forge walks a whole campaign for each.
    function invariant_FundedIsPursesReservedPaidAndRefundedAndEveryVoucherIsGood() external {
        world.checkLedger();
        world.checkChannel();
        world.checkVoucher();
    }

    /// After each run: nothing is stuck, and the run was not empty talk.
    function afterInvariant() external {
        world.windDown();
        string[33] memory acts = _acts();
        string memory line = "";
        for (uint256 i = 0; i < acts.length; ++i) {
            line = string.concat(line, acts[i], "=", vm.toString(world.countOf(acts[i])), " ");
        }
        vm.writeLine(TALLY, line);
    }

    /// Every act that a campaign must have gone through, again and again.
    function _acts() private pure returns (string[33] memory) {
        return [
            "fund",
            "defund",
            "openByPayer",
            "openBySigner",
            "openByWord",
            "openRefused",
            "fundAndOpen",
            "redeemFirst",
            "redeemRepeat",
            "redeemMixed",
            "rowPaid",
            "rowSkipped",
            "frontRun",
            "pocket",
            "startClose",
            "startCloseAgainRefused",
            "wait",
            "donate",
            "settleReleased",
            "settleUsedUp",
            "settleAfterDelay",
            "settleEarlyRefused",
            "closeOut",
            "closeOutPurse",
            "takeOverCapSkipped",
            "replaySkipped",
            "replayPaidSkipped",
            "replaySettledSkipped",
            "openForgedRefused",
            "reopenRefused",
            "stealRefused",
            "settleWrongRefused",
            "settleAgainRefused"
        ];
    }
}
