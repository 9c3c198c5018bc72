import JSON
import Media

/// The error in a provider's answer.
struct CloudReply: Sendable {
    /// The provider's word for it; nil if the answer is not in its language.
    let code: String?
    /// Where the bucket is, if the answer tells.
    let region: String?
    private let text: String

    init(_ answer: ServerAnswer) {
        let error = CloudFault(answer.body)
        code = (error?.code ?? answer.fields["x-ms-error-code"]).flatMap(Self.tame)
        region = (error?.region ?? answer.fields["x-amz-bucket-region"]).flatMap(Self.tame)
        text = String(decoding: answer.body, as: UTF8.self).lowercased()
    }

    /// Whether the provider's sentences contain something, in lower case.
    func mentions(_ part: String) -> Bool { text.contains(part) }

    /// The word, if it is one that can be shown to people: the server may be anybody's.
    static func tame(_ word: String) -> String? {
        (1...60).contains(word.utf8.count)
            && word.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                    || "-._".utf8.contains($0)
            } ? word : nil
    }

    /// The error of a token service (RFC 6749, 5.2) and its description in lower case.
    static func oauth(_ body: [UInt8]) -> (code: String?, detail: String) {
        do {
            return try JSONDocument.read(String(decoding: body, as: UTF8.self)) { json in
                (json["error"]?.string.flatMap(tame), (json["error_description"]?.string ?? "").lowercased())
            }
        } catch {
            // Not JSON: somebody else's server.
            return (nil, "")
        }
    }
}
