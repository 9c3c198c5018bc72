import Foundation

/// How outgoing calls leave this machine, so that others can tell where they come from.
package struct FetchRoute: Sendable {
    /// A proxy that opens connections on request (`CONNECT`), to the very address that was judged here.
    package struct Proxy: Sendable, Equatable {
        package let host: String
        package let port: Int
        let credentials: Credentials?
    }

    struct Credentials: Sendable, Equatable {
        let name: String
        let password: String
    }

    /// The address of this machine that calls are made from; nil for whichever the system takes.
    package let source: IPAddress?
    package let proxy: Proxy?

    /// Calls that leave as the system sends them.
    package static let direct = FetchRoute()

    private init() {
        source = nil
        proxy = nil
    }

    /// Reads settings; nil and empty texts mean none.
    ///
    /// - Throws: ``FetchRouteError`` with what is wrong in words.
    package init(source: String?, proxy: String?) throws(FetchRouteError) {
        if let source, !source.isEmpty {
            guard let address = IPAddress(source) else {
                throw FetchRouteError("fetch.source must be an address of this machine, not \(source).")
            }
            self.source = address
        } else {
            self.source = nil
        }
        if let proxy, !proxy.isEmpty {
            guard let parts = URLComponents(string: proxy), parts.scheme == "http", let host = parts.host,
                !host.isEmpty,
                let port = parts.port, ["", "/"].contains(parts.path), parts.query == nil
            else {
                throw FetchRouteError("fetch.proxy must be like http://user:password@host:port, with a port.")
            }
            let credentials = parts.user.map { Credentials(name: $0, password: parts.password ?? "") }
            self.proxy = Proxy(host: host.trimmingCharacters(in: ["[", "]"]), port: port, credentials: credentials)
        } else {
            self.proxy = nil
        }
    }

    /// Whether a call from the source can reach an address: those of one version cannot reach the other's.
    func reaches(_ address: IPAddress) -> Bool {
        guard proxy == nil, let source else { return true }
        switch (source.unmapped, address.unmapped) {
        case (.v4, .v4), (.v6, .v6): return true
        default: return false
        }
    }
}

/// A setting of the route that cannot be used.
package struct FetchRouteError: Error, CustomStringConvertible {
    /// One sentence for the operator.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
