// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./ISwarmChannels.sol";
import {Channel} from "./Channels.sol";

/// @title Channel ids and TIP-712 digests, bound to this chain and this contract.
abstract contract TypedData is ISwarmChannels {
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME = keccak256("SwarmChannels");
    bytes32 private constant VERSION = keccak256("1");
    bytes32 private constant VOUCHER_TYPE = keccak256("Voucher(bytes32 channel,address payee,uint128 cumulative)");
    bytes32 private constant OPEN_TYPE = keccak256("Open(bytes32 channel)");
    bytes32 private constant RELEASE_TYPE = keccak256("Release(bytes32 channel,address payee,uint128 cumulative)");

    uint256 private immutable _deployedChainId = _chainId();
    bytes32 private immutable _deployedSeparator = _separator();

    /// @inheritdoc ISwarmChannels
    function channelId(Channel calldata channel) public view returns (bytes32 id) {
        uint256 chainId = _chainId();
        assembly ("memory-safe") {
            // keccak256(abi.encode(chainId, this, ...fields)): a calldata struct of words is encoded already.
            let free := mload(0x40)
            mstore(free, chainId)
            mstore(add(free, 32), address())
            calldatacopy(add(free, 64), channel, 192)
            // Check: each field within its type, as the compiler's decoder would.
            let addresses := or(mload(add(free, 64)), mload(add(free, 96)))
            let excess := or(shr(160, addresses), shr(128, mload(add(free, 160))))
            if or(excess, shr(32, mload(add(free, 192)))) { revert(0, 0) }
            id := keccak256(free, 256)
        }
    }

    /// @inheritdoc ISwarmChannels
    function domainSeparator() public view returns (bytes32) {
        // A chain that forks changes its id: signatures must not stand on both.
        return _chainId() == _deployedChainId ? _deployedSeparator : _separator();
    }

    /// @inheritdoc ISwarmChannels
    function voucherDigest(bytes32 id, address payee, uint128 cumulative) public view returns (bytes32) {
        return _voucherDigest(domainSeparator(), id, payee, cumulative);
    }

    /// @inheritdoc ISwarmChannels
    function openDigest(bytes32 id) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(OPEN_TYPE, id)));
    }

    /// @inheritdoc ISwarmChannels
    function releaseDigest(bytes32 id, address payee, uint128 cumulative) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(RELEASE_TYPE, id, payee, cumulative)));
    }

    /// `_digest(keccak256(abi.encode(VOUCHER_TYPE, id, payee, cumulative)))` in memory that the next row uses again.
    /// `cumulative` is below 2^128.
    function _voucherDigest(bytes32 separator, bytes32 id, address payee, uint256 cumulative)
        internal
        pure
        returns (bytes32 digest)
    {
        bytes32 typeHash = VOUCHER_TYPE;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 32), id)
            mstore(add(free, 64), payee)
            mstore(add(free, 96), cumulative)
            let structHash := keccak256(free, 128)
            mstore(free, shl(240, 0x1901))
            mstore(add(free, 2), separator)
            mstore(add(free, 34), structHash)
            digest := keccak256(free, 66)
        }
    }

    /// TIP-712 takes the low four bytes: on the TVM the whole word is a block's hash.
    function _chainId() private view returns (uint256) {
        return block.chainid & 0xffffffff;
    }

    function _separator() private view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPE, NAME, VERSION, _chainId(), address(this)));
    }

    function _digest(bytes32 structHash) private view returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), structHash));
    }
}
