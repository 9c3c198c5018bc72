import Media
import Synchronization
import Testing

@Suite struct ForbiddenAddressTests {
    /// Hosts that are addresses outside the public internet, in notations that are read as such.
    static let refusedHosts = [
        "127.0.0.1", "127.1.2.3", "127.255.255.255", "127.0.0.1.", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255",
        "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.255", "169.254.169.254", "169.254.0.1",
        "100.64.0.1", "100.100.100.200", "100.127.255.255", "192.0.0.192", "192.0.2.1", "198.51.100.7", "203.0.113.9",
        "198.18.0.1", "198.19.255.255", "192.88.99.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[::FFFF:10.0.0.1]", "[0:0:0:0:0:ffff:c0a8:0001]", "[::ffff:169.254.169.254]", "[::127.0.0.1]", "[::a9fe:a9fe]",
        "[fe80::1]", "[febf::1]", "[fc00::1]", "[fd00:ec2::254]", "[fdff::1]", "[fec0::1]", "[ff02::1]", "[ff0e::1]",
        "[64:ff9b::127.0.0.1]", "[64:ff9b::a00:1]", "[64:ff9b::169.254.169.254]", "[64:ff9b:1::8.8.8.8]",
        "[2002:7f00:1::]", "[2002:a9fe:a9fe::1]", "[2002:c0a8:101::1]", "[2001::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]", "[2001:db8::1]", "[3fff::1]", "[2001:2::1]", "[2001:10::1]",
        "[100::1]",
        "[2606:4700::5efe:10.0.0.1]", "[2606:4700::200:5efe:127.0.0.1]", "[4000::1]",
    ]

    @Test(arguments: refusedHosts)
    func `a host that is an address outside the public internet is refused`(host: String) async throws {
        try await withFetcher(allow: "") { fixture in
            for scheme in ["http", "https", "HTTP"] {
                let error = await fixture.failure(of: "\(scheme)://\(host)/file")
                #expect(error?.code == .refusedAddress)
                #expect(error?.isTransient == false)
            }
            #expect(throws: FetchError.self) { try fixture.fetcher.check("http://\(host):8080/") }
        }
    }

    /// URLs that other readers take for something, some of them for an address of this machine.
    static let oddURLs = [
        "http://2130706433/", "http://017700000001/", "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/",
        "http://127.1/", "http://127.0.1/", "http://0/", "http://127.0.0.01/", "http://127.0.0.0x1/",
        "http://1.2.3.4.5/",
        "http://256.0.0.1/", "http://127.0.0.1../", "http://..127.0.0.1/", "http://127。0。0。1/", "http://①②⑦.0.0.1/",
        "http://127.0.0.1%00/", "http://%31%32%37.0.0.1/", "http://[::1%25lo]/", "http://[fe80::1%eth0]/",
        "http://[::1", "http://::1/", "http://[127.0.0.1]/", "http://[]/", "http://[::ffff:0177.0.0.1]/",
        "http://user@127.0.0.1/", "http://user:pass@example.com/", "http://example.com@127.0.0.1/",
        "http://127.0.0.1\\@example.com/", "http://example.com\\.local/", "http:///etc/passwd", "http://", "http:",
        "http:/127.0.0.1/", "//127.0.0.1/", "127.0.0.1", "", "file:///etc/passwd", "ftp://example.com/",
        "gopher://127.0.0.1:25/", "unix:///run/x.sock", "http+unix://%2Frun%2Fx.sock/", "data:text/plain,x",
        "http://example.com:0/", "http://example.com:65536/", "http://example.com:-1/", "http://example.com:8o/",
        "http://example.com:/", "http://example.com:22/", "http://example.com:25/", "http://exa mple.com/",
        "http://example.com\r\nx: y/", "http://example.com/\n", "http://exämple.com/", "http://\u{212A}.example/",
        "http://a..b/",
        "http://.example/",
        "http://\(String(repeating: "a", count: 64)).example/", "http://127.0.0.1:80:80/", "http://[::1]x/",
        "http://example.com/\(String(repeating: "a", count: 9000))", " http://example.com/", "http ://example.com/",
    ]

    @Test(arguments: oddURLs)
    func `a URL that is not written plainly is invalid`(url: String) async throws {
        try await withFetcher(names: ["example.com": ["127.0.0.1"]], allow: "") { fixture in
            let error = await fixture.failure(of: url)
            #expect(error?.code == .invalidURL)
        }
    }

    @Test(arguments: refusedHosts.filter { !$0.hasSuffix(".") })
    func `a name that resolves to such an address is refused`(host: String) async throws {
        let address = host.filter { $0 != "[" && $0 != "]" }
        let names = ["inside.example": [address], "mixed.example": ["93.184.216.34", address]]
        try await withFetcher(names: names, allow: "") { fixture in
            for name in ["inside.example", "INSIDE.example.", "mixed.example"] {
                let error = await fixture.failure(of: "https://\(name)/")
                #expect(error?.code == .refusedAddress)
                #expect(error?.message.contains(address) == false)
            }
        }
    }

    @Test(arguments: [
        "http://93.184.216.34/", "https://8.8.8.8:8443/x?y#z", "http://172.15.0.1/", "http://172.32.0.1/",
        "http://100.63.255.255/", "http://100.128.0.1/", "http://169.253.0.1/", "http://[2606:4700::1111]/",
        "http://[::ffff:8.8.8.8]/", "http://[64:ff9b::8.8.8.8]/", "http://[2002:808:808::1]/",
        "HTTPS://Example.COM./a b",
        "https://xn--bcher-kva.example/", "http://a_b.s3.example/", "http://example.com",
        "http://example.com?x=1", "http://0x7f.example/", "http://1.example/",
    ])
    func `a plain public URL passes the check`(url: String) async throws {
        try await withFetcher(allow: "") { fixture in
            try fixture.fetcher.check(url)
        }
    }

    @Test(arguments: [
        ("127.0.0.0/8", "http://127.0.0.1:8080/", true), ("127.0.0.0/8", "http://[::ffff:127.0.0.1]:8080/", true),
        ("127.0.0.0/8", "http://[::1]:8080/", false), ("::1/128", "http://[::1]:8080/", true),
        ("::1", "http://127.0.0.1/", false), ("::ffff:10.0.0.0/104", "http://10.1.2.3/", true),
        ("10.0.0.0/8", "http://[64:ff9b::10.0.0.1]/", true), ("10.0.0.0/8 fd00::/8", "http://[fd12::1]/", true),
        ("10.0.0.0/8,192.168.1.0/24", "http://192.168.1.7/", true), ("192.168.1.0/24", "http://192.168.2.7/", false),
        ("0.0.0.0/0", "http://169.254.169.254/", true), ("0.0.0.0/0", "http://[::1]/", false),
    ])
    func `an operator's networks open exactly what they name`(allow: String, url: String, isAllowed: Bool) async throws
    {
        try await withFetcher(allow: allow) { fixture in
            if isAllowed {
                try fixture.fetcher.check(url)
            } else {
                #expect(throws: FetchError.self) { try fixture.fetcher.check(url) }
            }
        }
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0/8", "::1/129", "x", "10.0.0.0/", "::ffff:10.0.0.0/8", "1.2.3.4/-1",
    ])
    func `a network that is not one is named in the error`(item: String) {
        #expect(throws: CIDRError.self) { try CIDR.list("127.0.0.0/8, \(item)") }
    }

    @Test func `every way of a redirect to a forbidden place is refused`() async throws {
        let targets = [
            "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:8080/", "//10.0.0.1/x",
            "http://[::ffff:10.0.0.1]/", "http://inside.example/", "http://2130706433/", "file:///etc/passwd",
            "ftp://127.0.0.1/", "http://user:pass@127.0.0.1/", "http://127.0.0.1:22/", "http:\\\\10.0.0.1\\",
            "https://0x7f.1/", "http://10.0.0.1\\@127.0.0.1/",
        ]
        try await withServer { request, connection in
            let index = Int(request.target.dropFirst()) ?? 0
            try await connection.reply([301, 302, 303, 307, 308][index % 5], ["location": targets[index]])
        } _: { server in
            try await withFetcher(names: ["inside.example": ["192.168.1.1"]]) { fixture in
                for index in targets.indices {
                    let error = await fixture.failure(of: server.url("/\(index)"))
                    #expect(
                        error?.code == .refusedAddress || error?.code == .invalidURL,
                        "\(targets[index]): \(String(describing: error))")
                }
                #expect(server.received.count == targets.count)
            }
        }
    }

    @Test func `the address that was checked is the one that is called`() async throws {
        try await withServer { request, connection in
            try await connection.reply(200, [:], Array(request["host", default: "-"].utf8))
        } _: { server in
            let names = ["pictures.example": ["127.0.0.1"], "pictures.invalid": ["127.0.0.1"]]
            try await withFetcher(names: names) { fixture in
                // None of these names exists outside the table, so only the checked address can have been called.
                for host in ["pictures.example", "Pictures.Example.", "pictures.invalid"] {
                    let object = try await fixture.fetch(server.url("/", host: host))
                    let expected = host.lowercased().hasSuffix(".") ? "pictures.example" : host
                    let body = try await fixture.store.bytes(of: object.hash, limit: 100)
                    #expect(String(decoding: body, as: UTF8.self) == "\(expected):\(server.port)")
                }
            }
        }
    }
}

extension LocalServer.Request {
    subscript(name: String, default value: String) -> String { self[name] ?? value }
}
