// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISwarmChannels} from "./interfaces/ISwarmChannels.sol";
import {Channel} from "./types/Channels.sol";

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
    function channelId(Channel calldata channel) public view returns (bytes32) {
        return keccak256(
            abi.encode(
                _chainId(),
                address(this),
                channel.payer,
                channel.signer,
                channel.root,
                channel.total,
                channel.closeDelaySec,
                channel.salt
            )
        );
    }

    /// @inheritdoc ISwarmChannels
    function domainSeparator() public view returns (bytes32) {
        // A chain that forks changes its id: signatures must not stand on both.
        return _chainId() == _deployedChainId ? _deployedSeparator : _separator();
    }

    /// @inheritdoc ISwarmChannels
    function voucherDigest(bytes32 id, address payee, uint128 cumulative) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(VOUCHER_TYPE, id, payee, cumulative)));
    }

    /// @inheritdoc ISwarmChannels
    function openDigest(bytes32 id) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(OPEN_TYPE, id)));
    }

    /// @inheritdoc ISwarmChannels
    function releaseDigest(bytes32 id, address payee, uint128 cumulative) public view returns (bytes32) {
        return _digest(keccak256(abi.encode(RELEASE_TYPE, id, payee, cumulative)));
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
