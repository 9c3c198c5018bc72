import HTTPTypes
import Hummingbird
package import Media

/// Proxies that say truly for whom they ask.
package struct TrustedProxies: Sendable {
    private let networks: [CIDR]

    package init(_ networks: [CIDR]) {
        self.networks = networks
    }

    private static let header = HTTPField.Name("X-Forwarded-For")

    /// Where a request comes from, given the other end of its connection.
    ///
    /// Each proxy writes the address it was asked from behind those it was told. So the list is read from its end, as
    /// long as it was written by proxies that are known; what stands before that anybody may have made up.
    func client(of request: Request, from remote: String) -> String {
        guard !networks.isEmpty, let header = Self.header else { return remote }
        let told = request.headers[values: header].flatMap { $0.split(separator: ",") }
        var client = remote
        for address in told.reversed() {
            guard let known = IPAddress(client), networks.contains(where: { $0.contains(known) }) else { break }
            client = String(address.drop(while: { $0 == " " }).prefix { $0 != " " })
        }
        return client
    }
}
