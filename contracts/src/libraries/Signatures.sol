// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Who signed a digest. Exactly one signature form passes: low s, v 27 or 28. Zero means nobody.
library Signatures {
    /// Half of the order of secp256k1.
    uint256 private constant MAX_S = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    /// @notice The signer of a 65-byte r, s, v signature, or zero.
    function recover(bytes32 digest, bytes calldata signature) internal pure returns (address) {
        if (signature.length != 65) return address(0);
        uint8 v = uint8(signature[64]);
        bytes32 s = bytes32(signature[32:64]);
        if ((v != 27 && v != 28) || uint256(s) > MAX_S) return address(0);
        return ecrecover(digest, v, bytes32(signature[0:32]), s);
    }

    /// @notice The signer of an ERC-2098 signature, or zero.
    function recover(bytes32 digest, bytes32 r, bytes32 vs) internal pure returns (address) {
        uint256 s = uint256(vs) & (type(uint256).max >> 1);
        if (s > MAX_S) return address(0);
        unchecked {
            return ecrecover(digest, uint8(27 + (uint256(vs) >> 255)), r, bytes32(s));
        }
    }
}
