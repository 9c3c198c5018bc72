import Crypto
import Foundation
import Storage

/// Codes that a phone makes from a shared secret and the time: TOTP of RFC 6238 with SHA-1, the kind every app knows.
enum OneTimeCode {
    /// How long a code holds.
    static let seconds: Int64 = 30
    static let digits = 6

    /// How many steps a phone's clock may be ahead or behind.
    private static let drift: Int64 = 1

    /// A new secret of 160 bits, as RFC 4226 recommends.
    static func makeSecret() -> [UInt8] {
        SymmetricKey(size: .init(bitCount: 160)).withUnsafeBytes { [UInt8]($0) }
    }

    /// The number of the time step that a time is in.
    static func step(at time: Timestamp) -> Int64 { time.microseconds / 1_000_000 / seconds }

    /// The code of a time step, by the truncation of RFC 4226, section 5.3.
    static func code(_ secret: [UInt8], step: Int64, digits: Int = Self.digits) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Data($0) }
        let hash = [UInt8](
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int(hash[hash.count - 1] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let modulus = (0..<digits).reduce(UInt32(1)) { power, _ in power * 10 }
        let text = String(number % modulus)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// The step of a code that is valid now; nil for none, or for one of a step that was used already.
    static func step(of code: String, _ secret: [UInt8], at now: Timestamp, after last: Int64) -> Int64? {
        let current = step(at: now)
        return (current - drift...current + drift).first { $0 > last && Self.code(secret, step: $0) == code }
    }

    /// What a phone reads from a drawing, in the form of the Key Uri Format that the apps share.
    static func uri(_ secret: [UInt8], email: String, issuer: String) -> String {
        func escaped(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(["-", ".", "_", "~"])) ?? ""
        }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(email))?secret=\(base32(secret))&issuer=\(escaped(issuer))"
            + "&algorithm=SHA1&digits=\(digits)&period=\(seconds)"
    }

    /// Base 32 of RFC 4648, without padding, as apps let people type it.
    static func base32(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var text = ""
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                text.append(alphabet[Int(bits >> UInt32(count - 5)) & 31])
                count -= 5
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(5 - count)) & 31]) }
        return text
    }

    /// Codes that let somebody in once each whose phone is lost: 80 random bits in four groups.
    static func makeRecoveryCodes(_ count: Int = 8) -> [String] {
        (0..<count).map { _ in
            let letters = Array(
                base32(SymmetricKey(size: .init(bitCount: 80)).withUnsafeBytes { [UInt8]($0) }).lowercased())
            return stride(from: 0, to: letters.count, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }

    /// A code as it is compared, however it was typed.
    static func plain(_ typed: String) -> String {
        String(typed.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }
}
