import Crypto
import FoundationEssentials
import Glibc

/// The signature of requests to Azure Blob Storage under the key of a storage account.
package struct AzureSignature: Sendable {
    private let account: String
    private let key: [UInt8]

    /// Makes a signer from an account's name and its key.
    package init(account: String, key: [UInt8]) {
        self.account = account
        self.key = key
    }

    /// Adds the header fields that prove who sends the request; those whose names begin with `x-ms-` are covered.
    ///
    /// `seconds`: the time of sending, since 1970 in UTC.
    package func sign(_ request: CloudRequest, at seconds: Int) -> CloudRequest {
        var request = request
        request.headers.append(.init("x-ms-date", Self.date(seconds)))
        request.headers.append(.init("x-ms-version", Self.version))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text(of: request).utf8), using: SymmetricKey(data: key))
        request.headers.append(
            .init("authorization", "SharedKey \(account):\(Data(Array(code)).base64EncodedString())"))
        return request
    }

    /// The version of the API whose rules are followed.
    package static let version = "2021-12-02"

    /// The text that is signed.
    package func text(of request: CloudRequest) -> String {
        let plain = [
            "content-encoding", "content-language", "content-length", "content-md5", "content-type", "date",
            "if-modified-since", "if-match", "if-none-match", "if-unmodified-since", "range",
        ].map { name in
            let value = request.header(name) ?? ""
            return name == "content-length" && value == "0" ? "" : value
        }
        let own = request.headers.filter { $0.name.lowercased().hasPrefix("x-ms-") }
            .map { "\($0.name.lowercased()):\($0.value)" }.sorted(by: Self.precedes)
        var parameters: [String: [String]] = [:]
        for pair in request.query { parameters[pair.name.lowercased(), default: []].append(pair.value) }
        let query = parameters.sorted { Self.precedes($0.key, $1.key) }
            .map { "\($0.key):\($0.value.sorted(by: Self.precedes).joined(separator: ","))" }
        let lines = [request.method] + plain + own + ["/\(account)\(request.escapedPath)"] + query
        return lines.joined(separator: "\n")
    }

    private static func precedes(_ one: String, _ other: String) -> Bool {
        Array(one.utf8).lexicographicallyPrecedes(Array(other.utf8))
    }

    /// A time as `Fri, 26 Jun 2015 23:39:12 GMT`.
    private static func date(_ seconds: Int) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        gmtime_r(&moment, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let (day, hour, minute, second) = (
            two(parts.tm_mday), two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec)
        )
        return "\(days[Int(parts.tm_wday)]), \(day) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) "
            + "\(hour):\(minute):\(second) GMT"
    }

    private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
