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
    /// @dev Solidity's `ecrecover` in four stores and a call: this runs once a row of `redeem`.
    function recover(bytes32 digest, bytes32 r, bytes32 vs) internal view returns (address signer) {
        uint256 s = uint256(vs) & (type(uint256).max >> 1);
        if (s > MAX_S) return address(0);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, digest)
            mstore(add(free, 32), add(27, shr(255, vs)))
            mstore(add(free, 64), r)
            mstore(add(free, 96), s)
            mstore(0, 0)
            // It answers nothing when nobody signed, which leaves the zero in place.
            pop(staticcall(gas(), 1, free, 128, 0, 32))
            // TRON's precompile answers 21 bytes, 0x41 before the address.
            signer := shr(96, shl(96, mload(0)))
        }
    }
}
