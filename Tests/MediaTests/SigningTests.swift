import Media
import Testing

@Suite struct SigningTests {
    private static let key = [UInt8](1...32)
    private static let link = SignedLink(
        kind: .attachment, realm: "5f0c/live", object: String(repeating: "ab", count: 32), expires: 2_000_000_000)

    @Test(arguments: SignedLink.Kind.allCases, ["", "a", "Konto/übung", String(repeating: "r", count: 255)])
    func `a claim comes back from its token`(kind: SignedLink.Kind, realm: String) {
        for object in ["", "x", "5f0c0000aaaa0000bbbb0001/2", "ü"] {
            let link = SignedLink(kind: kind, realm: realm, object: object, expires: 1000)
            let token = link.token(key: Self.key)
            #expect(SignedLink.verify(token, now: 999, keys: [Self.key]) == link)
            #expect(token.utf8.allSatisfy { $0 < 0x80 && ($0.isLetterOrDigit || "-_.".utf8.contains($0)) })
        }
    }

    @Test(arguments: [(1_999_999_999, true), (2_000_000_000, false), (2_000_000_001, false), (0, true)])
    func `a link works until it expires`(now: Int, works: Bool) {
        let token = Self.link.token(key: Self.key)
        #expect((SignedLink.verify(token, now: now, keys: [Self.key]) != nil) == works)
    }

    @Test func `keys can be replaced while old links still work`() {
        let (old, new) = ([UInt8](repeating: 1, count: 32), [UInt8](repeating: 2, count: 32))
        let token = Self.link.token(key: old)
        #expect(SignedLink.verify(token, now: 0, keys: [new, old]) == Self.link)
        #expect(SignedLink.verify(token, now: 0, keys: [new]) == nil)
        #expect(SignedLink.verify(token, now: 0, keys: []) == nil)
    }

    @Test func `no character can be changed, left out or added`() {
        let token = Array(Self.link.token(key: Self.key))
        let alphabet = Array("Az09-_.=+/% \0é~")
        for index in token.indices {
            for character in alphabet + [token[(index + 1) % token.count]] where character != token[index] {
                var changed = token
                changed[index] = character
                #expect(SignedLink.verify(String(changed), now: 0, keys: [Self.key]) == nil)
            }
            var shorter = token
            shorter.remove(at: index)
            #expect(SignedLink.verify(String(shorter), now: 0, keys: [Self.key]) == nil)
        }
        for character in alphabet {
            #expect(SignedLink.verify(String([character] + token), now: 0, keys: [Self.key]) == nil)
            #expect(SignedLink.verify(String(token + [character]), now: 0, keys: [Self.key]) == nil)
        }
    }

    @Test(arguments: ["", ".", "..", "a", "a.b", "a.b.c", "AQE.", ".AQE", String(repeating: "a", count: 100_000) + "."])
    func `nonsense is no token`(token: String) {
        #expect(SignedLink.verify(token, now: 0, keys: [Self.key]) == nil)
    }

    @Test func `the parts of two tokens do not mix`() {
        let other = SignedLink(kind: .result, realm: "other", object: "x", expires: 2_000_000_000)
        let parts = [Self.link, other].map { $0.token(key: Self.key).split(separator: ".") }
        #expect(SignedLink.verify("\(parts[0][0]).\(parts[1][1])", now: 0, keys: [Self.key]) == nil)
        #expect(SignedLink.verify("\(parts[1][0]).\(parts[0][1])", now: 0, keys: [Self.key]) == nil)
    }

    @Test(arguments: [1, 9, 10, 60, 3600, 86_400])
    func `links made soon after each other are equal, and live as long as asked`(lifetime: Int) {
        let times = (1_700_000_000..<1_700_000_200).map { SignedLink.expiry(now: $0, lifetime: lifetime) - $0 }
        #expect(times.allSatisfy { $0 >= lifetime && $0 <= lifetime + max(1, lifetime / 10) })
        let expiries = Set((1_700_000_000..<1_700_000_200).map { SignedLink.expiry(now: $0, lifetime: lifetime) })
        #expect(expiries.count <= 200 / max(1, lifetime / 10) + 1)
    }

    @Test func `a callback's signature is the one anybody can compute`() {
        // printf '1700000000.{"task_id":"1"}' | openssl dgst -sha256 -hmac secret
        let header = CallbackSignature.header(
            body: Array(#"{"task_id":"1"}"#.utf8), timestamp: 1_700_000_000, secret: Array("secret".utf8))
        #expect(header == "t=1700000000,v1=c13e376ff834058e166e5368ffd5cf123f20908ea8fdf77d4c70fb0dd5b4e60b")
    }

    @Test func `a callback's signature holds for its body, secret and time only`() {
        let (body, secret) = (Array("body".utf8), Array("secret".utf8))
        let header = CallbackSignature.header(body: body, timestamp: 1000, secret: secret)
        func holds(_ header: String, body: [UInt8] = body, secret: [UInt8] = secret, now: Int = 1000) -> Bool {
            CallbackSignature.verify(header, body: body, secret: secret, now: now)
        }
        #expect(holds(header) && holds(header, now: 1300) && holds(header, now: 700))
        #expect(holds(header + ",v2=other") && holds("v1=00," + header))
        #expect(!holds(header, now: 1301) && !holds(header, now: 699))
        #expect(!holds(header, body: Array("bodz".utf8)) && !holds(header, secret: Array("Secret".utf8)))
        #expect(!holds(header.replacing("t=1000", with: "t=1001")) && !holds(String(header.dropLast())))
        #expect(!holds("") && !holds("t=1000") && !holds("t=1000,v1=") && !holds("t=x,v1=y"))
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
    }
}
