import Foundation
import JSON
package import Media
import Storage

extension CloudIntegration {
    /// Everything that is wrong with the settings as far as it can be seen without asking the provider.
    ///
    /// `hasIdentity` tells whether this server may take roles with keys of its own, `isCallable` what may be called at all.
    func issues(now: Timestamp, hasIdentity: Bool, isCallable: (String) throws -> Void) -> [Issue] {
        var issues: [Issue] = []
        func complain(_ field: CloudField, _ complaint: String) {
            issues.append(Issue(path: field.rawValue, message: "`\(field.rawValue)` \(complaint)."))
        }
        for field in CloudField.allCases where values[field] != nil && !field.providers.contains(provider) {
            complain(field, "is not among the settings of \(provider.words)")
        }
        for field in [CloudField.endpoint, .stsEndpoint] {
            guard let text = values[field] else { continue }
            do {
                _ = try CloudEndpoint(text)
                try isCallable(text)
            } catch let error as FetchError {
                complain(field, "must be a URL such as https://storage.example.com:9000. \(error.message.dropLast())")
            } catch {
                complain(field, "must be a URL such as https://storage.example.com:9000")
            }
        }
        switch provider {
        case .s3: checkS3(hasIdentity, complain)
        case .google: checkGoogle(complain)
        case .azure: checkAzure(now, complain)
        }
        return issues + keyFileIssues
    }

    private func checkS3(_ hasIdentity: Bool, _ complain: (CloudField, String) -> Void) {
        if let region = values[.region], !Self.isRegion(region) {
            complain(.region, "must be a region's code such as eu-central-1")
        }
        let own: [CloudField] = [.accessKey, .secretKey, .sessionToken]
        if hasIdentity, values[.roleARN] != nil, own.allSatisfy({ values[$0] == nil }) {
            if values[.stsEndpoint] != nil {
                complain(.stsEndpoint, "is of use with keys only: this server takes roles where its operator says")
            }
        } else {
            if values[.accessKey] == nil { complain(.accessKey, "is required") }
            if values[.secretKey] == nil { complain(.secretKey, "is required") }
        }
        if let role = values[.roleARN],
            role.wholeMatch(of: /arn:aws[a-z-]*:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_\/-]{1,512}/) == nil
        {
            complain(.roleARN, "must be a role such as arn:aws:iam::123456789012:role/vernier")
        }
        if values[.stsEndpoint] != nil, values[.roleARN] == nil {
            complain(.stsEndpoint, "is of use with `role_arn` only")
        }
        if values[.pathStyle] == "false", let text = values[.endpoint], let endpoint = try? CloudEndpoint(text),
            IPAddress(endpoint.host) != nil
        {
            complain(.pathStyle, "must be true: an endpoint that is an address has no bucket names before it")
        }
    }

    private static func isRegion(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    /// What is wrong with the file of a service account's key.
    private var keyFileIssues: [Issue] {
        guard let file = values[.serviceAccount], provider == .google else { return [] }
        do {
            _ = try GoogleKey(file)
            return []
        } catch let found as Issues {
            return found.all
        } catch {
            return [Issue(path: CloudField.serviceAccount.rawValue, message: "`service_account` cannot be read.")]
        }
    }

    private func checkGoogle(_ complain: (CloudField, String) -> Void) {
        let hasKeys = values[.accessKey] != nil || values[.secretKey] != nil
        if values[.serviceAccount] != nil {
            if hasKeys { complain(.serviceAccount, "and HMAC keys exclude each other; give one of them") }
        } else if !hasKeys {
            complain(.serviceAccount, "is required, or `access_key` and `secret_key` of an HMAC key")
        } else {
            if values[.accessKey] == nil { complain(.accessKey, "is required with `secret_key`") }
            if values[.secretKey] == nil { complain(.secretKey, "is required with `access_key`") }
        }
    }

    private func checkAzure(_ now: Timestamp, _ complain: (CloudField, String) -> Void) {
        switch (values[.accountKey], values[.sas]) {
        case (nil, nil): complain(.accountKey, "is required, or `sas`")
        case (.some, .some): complain(.sas, "and `account_key` exclude each other; give one of them")
        case (let key?, nil):
            if Data(base64Encoded: key)?.isEmpty ?? true {
                complain(.accountKey, "must be base64, as the provider shows the keys of a storage account")
            }
        case (nil, let text?): checkSAS(text, now, complain)
        }
    }

    private func checkSAS(_ text: String, _ now: Timestamp, _ complain: (CloudField, String) -> Void) {
        guard let pairs = Self.pairs(ofQuery: text), !text.contains("://") else {
            return complain(.sas, "must be the token alone: sv=…&sp=…&sig=…, without the address before it")
        }
        func value(_ name: String) -> String? { pairs.first { $0.name == name }?.value }
        guard value("sig") != nil else { return complain(.sas, "has no `sig`: copy the whole token") }
        if let rights = value("sp"), !rights.contains("r") {
            complain(.sas, "does not permit reading: its `sp` has no r")
        }
        if let types = value("srt"), !types.contains("o") {
            complain(.sas, "is not for objects: its `srt` has no o")
        }
        if let services = value("ss"), !services.contains("b") {
            complain(.sas, "is not for blobs: its `ss` has no b")
        }
        if let end = value("se"), let time = try? Date(end, strategy: .iso8601),
            time.timeIntervalSince1970 < Double(now.microseconds) / 1e6
        {
            complain(.sas, "expired at \(end): make a new token")
        }
    }
}

extension CloudAddress.Provider {
    /// The name that people know.
    package var words: String {
        switch self {
        case .s3: "S3"
        case .google: "Google Cloud Storage"
        case .azure: "Azure Blob Storage"
        }
    }
}
