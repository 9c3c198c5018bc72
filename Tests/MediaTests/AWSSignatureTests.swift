import Media
import TestSupport
import Testing

/// The signatures that the provider publishes for given requests, keys and times.
private struct Vector: Sendable, CustomTestStringConvertible {
    let group: AnyJSON
    let json: AnyJSON

    static let all: [Vector] = {
        guard let groups = try? AnyJSON(SharedFixtures.text("clouds/aws-signatures.json")) else { return [] }
        return groups.elements.flatMap { group in
            (group["cases"]?.elements ?? []).map { Vector(group: group, json: $0) }
        }
    }()

    var testDescription: String { json["name"]?.string ?? "" }

    private func pairs(_ name: String) -> [CloudRequest.Pair] {
        (json[name]?.elements ?? []).map { .init($0[0]?.string ?? "", $0[1]?.string ?? "") }
    }

    var request: CloudRequest {
        CloudRequest(
            json["method"]?.string ?? "", CloudEndpoint(host: group["host"]?.string ?? ""),
            path: json["path"]?.string ?? "", query: pairs("query"), headers: pairs("headers"))
    }

    var signature: AWSSignature {
        let credentials = AWSCredentials(
            accessKey: group["access_key"]?.string ?? "", secretKey: group["secret_key"]?.string ?? "",
            sessionToken: json["token"]?.string)
        return AWSSignature(
            credentials, region: group["region"]?.string ?? "", service: group["service"]?.string ?? "")
    }

    var payload: AWSSignature.Payload {
        json["unsigned"]?.bool == true ? .unsigned : .bytes((json["body"]?.string ?? "").utf8)
    }

    var seconds: Int { group["seconds"]?.int ?? 0 }
}

@Suite struct AWSSignatureTests {
    @Test func `there are vectors`() {
        #expect(Vector.all.count == 24)
    }

    @Test(arguments: Vector.all)
    fileprivate func `a published request gets its published signature`(_ vector: Vector) throws {
        let expected = try #require(vector.json["signature"]?.string)
        let names = try #require(vector.json["signed_headers"]?.string)
        if let lifetime = vector.json["lifetime"]?.int {
            let signed = vector.signature.presign(
                vector.request, lifetime: lifetime, payload: vector.payload, at: vector.seconds)
            #expect(signed.query.last?.value == expected)
            #expect(signed.query.first { $0.name == "X-Amz-SignedHeaders" }?.value == names)
        } else {
            let signed = vector.signature.sign(vector.request, payload: vector.payload, at: vector.seconds)
            let value = try #require(signed.header("authorization"))
            #expect(value.hasSuffix(", SignedHeaders=\(names), Signature=\(expected)"))
        }
    }

    @Test func `the URL that is sent spells the path and query as they were signed`() {
        let request = CloudRequest(
            "GET", CloudEndpoint(isSecure: false, host: "s3.local", port: 9000), path: "/bucket/a b/ü+&=?#%.jpg",
            query: [.init("prefix", "a/b c"), .init("delimiter", "/")])
        #expect(
            request.url
                == "http://s3.local:9000/bucket/a%20b/%C3%BC%2B%26%3D%3F%23%25.jpg?prefix=a%2Fb%20c&delimiter=%2F")
    }
}
