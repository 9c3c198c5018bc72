import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Reads an object of a bucket piece by piece, and goes on with a range from where an answer broke off.
struct S3Download: Sendable {
    let client: S3Client
    let hash: ContentHash
    /// What the store calls this state of the object, so that the rest is of the same.
    let tag: String?

    /// As long as a slow reader may take; the store itself is watched by the time between two pieces.
    static let seconds: Int64 = 6 * 3600

    /// The pieces of a part, the first of them from an answer that has begun.
    ///
    /// `isWhole`: all of the object, of which the end comes only if the bytes are what its name says.
    func pieces(_ body: HTTPClientResponse.Body, of part: Range<Int>, isWhole: Bool) -> ObjectContent.Next {
        var iterator = body.makeAsyncIterator()
        var place = part.lowerBound
        var digest = RunningDigest()
        // How often nothing came; whoever gives something each time may break off as often as it likes.
        var failures = 0
        return {
            while true {
                var reason = "it ended before its size"
                do {
                    if let piece = try await iterator.next() {
                        (place, failures) = (place + piece.readableBytes, 0)
                        if isWhole { digest.update(piece) }
                        return piece
                    }
                } catch let error as CancellationError {
                    throw error
                } catch {
                    reason = "\(error)"
                }
                try Task.checkCancellation()
                guard place < part.upperBound else {
                    if isWhole, digest.object().hash != hash { throw ObjectStoreError.damaged }
                    return nil
                }
                failures += 1
                guard failures < S3Client.tries else {
                    throw ObjectStoreError(.failed, "The storage broke off an object: \(reason).")
                }
                if failures > 1 { try await Task.sleep(for: S3Client.pause(before: failures - 1)) }
                iterator = try await rest(place..<part.upperBound).makeAsyncIterator()
            }
        }
    }

    /// Asks for what is missing.
    private func rest(_ range: Range<Int>) async throws -> HTTPClientResponse.Body {
        let same = tag.map { [CloudRequest.Pair("if-match", $0)] } ?? []
        let response = try await client.open(
            hash.description,
            headers: [.init("range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")] + same,
            seconds: Self.seconds)
        guard response.status.code == 206, Self.part(of: response)?.first == range.lowerBound else {
            throw ObjectStoreError(.failed, "The storage broke off an object, and does not give the rest of it alone.")
        }
        return response.body
    }

    /// Where the part begins that an answer holds, and how large the whole object is; nil if it does not say.
    static func part(of response: HTTPClientResponse) -> (first: Int, total: Int)? {
        guard let text = response.headers.first(name: "content-range"), text.hasPrefix("bytes "),
            let slash = text.lastIndex(of: "/"), let total = Int(text[text.index(after: slash)...]),
            let first = Int(text.dropFirst(6).prefix { $0 != "-" })
        else { return nil }
        return (first, total)
    }
}
