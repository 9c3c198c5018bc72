import FoundationEssentials
import Media
import TestSupport
import Testing

@Suite struct CloudTests {
    // MARK: Addresses

    private static let addresses: [(text: String, address: CloudAddress?)] = [
        ("s3://bucket/a/b c+%20.jpg", CloudAddress(.s3, bucket: "bucket", key: "a/b c+%20.jpg")),
        ("S3://bucket/", CloudAddress(.s3, bucket: "bucket", key: "")),
        ("s3://bucket", CloudAddress(.s3, bucket: "bucket", key: "")),
        ("gs://bucket/\u{FC}.png", CloudAddress(.google, bucket: "bucket", key: "\u{FC}.png")),
        (
            "https://acct.blob.core.windows.net/c/a%20b/%C3%BC.png",
            CloudAddress(.azure, host: "acct.blob.core.windows.net", bucket: "c", key: "a b/\u{FC}.png")
        ),
        ("https://ACCT.blob.core.windows.net/c/a?sig=x", nil), ("https://blob.core.windows.net/c/a", nil),
        ("https://acct.blob.core.windows.net.example.com/c/a", nil), ("http://acct.blob.core.windows.net/c/a", nil),
        ("https://user@acct.blob.core.windows.net/c/a", nil), ("https://acct.blob.core.windows.net/c/%zz", nil),
        ("https://example.com/c/a", nil), ("s3:/bucket/a", nil), ("s3://", nil), ("", nil),
    ]

    @Test(arguments: addresses)
    func `addresses of providers are told from other URLs`(_ text: String, _ address: CloudAddress?) {
        #expect(CloudAddress(text) == address)
    }

    @Test func `an address reads back as itself`() {
        for case let address? in Self.addresses.map(\.address) { #expect(CloudAddress(address.text) == address) }
    }

    @Test func `a prefix covers what begins with it in its own bucket`() throws {
        let prefix = try #require(CloudAddress("s3://bucket/ab"))
        for text in ["s3://bucket/ab", "s3://bucket/abc", "s3://bucket/ab/c"] {
            #expect(prefix.covers(try #require(CloudAddress(text))))
        }
        for text in ["s3://bucket/a", "s3://bucket2/ab", "gs://bucket/ab", "s3://bucke/t/ab"] {
            #expect(!prefix.covers(try #require(CloudAddress(text))))
        }
    }

    // MARK: Azure

    @Test func `requests to Azure get the signatures that the provider's own library makes`() throws {
        let table = try AnyJSON(SharedFixtures.text("clouds/azure-signatures.json"))
        let key = try #require(table["key"]?.string)
        let service = try CloudService(
            .azure, endpoint: CloudEndpoint("http://myaccount.blob.core.windows.net"), isPathStyle: false,
            proof: .sharedKey(account: "myaccount", key: try #require(bytes(base64: key))))
        let signature = AzureSignature(account: "myaccount", key: try #require(bytes(base64: key)))
        let cases = table["cases"]?.elements ?? []
        #expect(cases.count == 5)
        for one in cases {
            func pairs(_ name: String) -> [CloudRequest.Pair] {
                (one[name]?.elements ?? []).map { .init($0[0]?.string ?? "", $0[1]?.string ?? "") }
            }
            let request = CloudRequest(
                "GET", service.endpoint, path: one["path"]?.string ?? "", query: pairs("query"),
                headers: pairs("headers"))
            let signed = signature.sign(request, at: table["seconds"]?.int ?? 0)
            #expect(signed.header("authorization") == "SharedKey myaccount:\(one["signature"]?.string ?? "")")
        }
    }

    /// The worked example of the provider's documentation of Shared Key.
    @Test func `the signed text for Azure is the documented one`() {
        let request = CloudRequest(
            "GET", CloudEndpoint(host: "myaccount.blob.core.windows.net"), path: "/mycontainer",
            query: [.init("restype", "container"), .init("comp", "metadata"), .init("timeout", "20")],
            headers: [.init("x-ms-version", "2015-02-21"), .init("x-ms-date", "Fri, 26 Jun 2015 23:39:12 GMT")])
        #expect(
            AzureSignature(account: "myaccount", key: []).text(of: request)
                == "GET\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:Fri, 26 Jun 2015 23:39:12 GMT\nx-ms-version:2015-02-21\n"
                + "/myaccount/mycontainer\ncomp:metadata\nrestype:container\ntimeout:20")
    }

    // MARK: Pages

    @Test func `a page of keys is read in the words of each provider`() throws {
        let s3 = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><EncodingType>url</EncodingType>
            <IsTruncated>true</IsTruncated><NextContinuationToken>to&amp;ken</NextContinuationToken>
            <Contents><Key>folder/</Key><Size>0</Size></Contents>
            <Contents><Key>a+b%2F%C3%BC%2B.jpg</Key><Size>12</Size><ETag>&quot;x&quot;</ETag></Contents></ListBucketResult>
            """
        let page = try #require(CloudPage(s3.utf8, of: .s3))
        #expect(page.entries.map(\.key) == ["a b/\u{FC}+.jpg"] && page.entries.map(\.size) == [12])
        #expect(page.next == "to&ken")
        let plain =
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a+b&#x26;%41</Key><Size>1</Size></Contents></ListBucketResult>"
        #expect(CloudPage(plain.utf8, of: .google)?.entries.map(\.key) == ["a+b&%41"])
        #expect(CloudPage(plain.utf8, of: .google)?.next == nil)
        let azure = """
            \u{FEFF}<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="c"><Blobs>
            <Blob><Name>a &lt;b.jpg</Name><Properties><Content-Length>7</Content-Length></Properties></Blob>
            <Blob><Name Encoded="true">x%EF%BF%BEy</Name><Properties><Content-Length>8</Content-Length></Properties></Blob>
            <Blob><Name>dir</Name><Properties><Content-Length>0</Content-Length><ResourceType>directory</ResourceType></Properties></Blob>
            </Blobs><NextMarker>2!mark</NextMarker></EnumerationResults>
            """
        let blobs = try #require(CloudPage(azure.utf8, of: .azure))
        #expect(blobs.entries.map(\.key) == ["a <b.jpg", "x\u{FFFE}y"] && blobs.next == "2!mark")
    }

    private static let noPages = [
        "", "not xml", "<html><body>Sign in</body></html>", "<ListBucketResult>", "<ListBucketResult></Other>",
        "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><ListBucketResult>&a;</ListBucketResult>",
        "<ListBucketResult>&unknown;</ListBucketResult>", "<ListBucketResult/><ListBucketResult/>",
        "<ListBucketResult a=b/>", String(repeating: "<a>", count: 100_000),
        "<ListBucketResult>" + String(repeating: "<Contents>", count: 100),
    ]

    @Test(arguments: noPages)
    func `what is no list of keys is refused whole`(_ text: String) {
        #expect(CloudPage(text.utf8, of: .s3) == nil)
        #expect(CloudPage(text.utf8, of: .azure) == nil)
    }

    // MARK: Sending

    @Test func `a signed request is not sent on to where a redirect leads`() async throws {
        try await withServer { _, connection in
            try await connection.reply(200, [:], Array("stolen".utf8))
        } _: { other in
            let elsewhere = other.url("/elsewhere")
            try await withServer { _, connection in
                try await connection.reply(307, ["location": elsewhere], Array("moved".utf8))
            } _: { server in
                try await withFetcher { fixture in
                    let endpoint = try CloudEndpoint(server.url(""))
                    let request = CloudRequest(
                        "GET", endpoint, path: "/bucket/key", headers: [.init("authorization", "Bearer secret")])
                    let outgoing = OutgoingRequest(request, shownAs: "s3://bucket/key", takesConditions: true) {
                        answer in
                        "The answer was \(answer.status): \(String(decoding: answer.body, as: UTF8.self))."
                    }
                    let error = await #expect(throws: FetchError.self) {
                        try await fixture.fetcher.fetch(outgoing, into: fixture.store, limit: 1000)
                    }
                    #expect(error?.message == "The answer was 307: moved.")
                    #expect(server.received.first?.headers.contains { $0.value == "Bearer secret" } == true)
                    #expect(other.received.isEmpty)
                    try fixture.checkNothingKept()
                }
            }
        }
    }
}

private func bytes(base64 text: String) -> [UInt8]? {
    Data(base64Encoded: text).map(Array.init)
}
