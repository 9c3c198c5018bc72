import Crypto
import CryptoExtras
import Foundation
import JSON
import Media

/// The key of a Google service account, as the file has it that the provider hands out.
struct GoogleKey: Sendable {
    let email: String
    let keyID: String
    let tokenURI: String
    private let key: _RSA.Signing.PrivateKey

    /// Reads the file's text.
    ///
    /// - Throws: `Issues` at the path `service_account` that tell what is missing.
    init(_ text: String) throws {
        do {
            self = try JSONDocument.read(text, limits: JSONLimits(bytes: 65_536, depth: 4)) { try GoogleKey($0) }
        } catch is JSONFault {
            throw Self.issue("must be the whole JSON file of a service account's key")
        }
    }

    private init(_ json: JSONValue) throws {
        func text(_ name: String) throws -> String {
            guard let text = json[name]?.string, !text.isEmpty else {
                throw Self.issue("has no \"\(name)\": paste the whole JSON file of a service account's key")
            }
            return text
        }
        guard json.isObject else { throw Self.issue("must be the whole JSON file of a service account's key") }
        let type = try text("type")
        guard type == "service_account" else {
            throw Self.issue("has the type \(JSONWriter.quoted(String(type.prefix(50)))), not \"service_account\"")
        }
        email = try text("client_email")
        keyID = try text("private_key_id")
        tokenURI = try text("token_uri")
        do {
            key = try _RSA.Signing.PrivateKey(pemRepresentation: text("private_key"))
        } catch is Issues {
            throw Self.issue("has no \"private_key\": paste the whole JSON file of a service account's key")
        } catch {
            throw Self.issue("has a \"private_key\" that is no RSA key in PEM")
        }
    }

    private static func issue(_ complaint: String) -> Issues {
        Issues("service_account", "`service_account` \(complaint).")
    }

    /// What may be done with a token: reading objects, nothing else.
    private static let scope = "https://www.googleapis.com/auth/devstorage.read_only"

    /// The signed claim (RFC 7523) that is given for a token.
    func assertion(at seconds: Int) throws -> String {
        var header = JSONWriter(capacity: 128)
        header.object { writer in
            writer.field("alg", "RS256")
            writer.field("typ", "JWT")
            writer.field("kid", keyID)
        }
        var claims = JSONWriter(capacity: 512)
        claims.object { writer in
            writer.field("iss", email)
            writer.field("scope", Self.scope)
            writer.field("aud", tokenURI)
            writer.field("iat", seconds)
            writer.field("exp", seconds + 3600)
        }
        return try sign(header: header.bytes, payload: claims.bytes)
    }

    /// A JSON web signature with RS256 (RFC 7515, A.2).
    func sign(header: [UInt8], payload: [UInt8]) throws -> String {
        let text = Self.base64URL(header) + "." + Self.base64URL(payload)
        let signature = try key.signature(for: SHA256.hash(data: Array(text.utf8)), padding: .insecurePKCS1v1_5)
        return text + "." + Self.base64URL(Array(signature.rawRepresentation))
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
