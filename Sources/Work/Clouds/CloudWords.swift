import JSON
import Media

/// What a provider's refusal means to whoever set an integration up: the cause, and the setting or permission to change.
///
/// The provider's own sentences are not repeated, since an endpoint may be anybody's; only its codes count.
struct CloudWords: Sendable {
    /// What was asked for.
    enum Act: Sendable {
        case read, list
        /// Taking a role, or trading a key for a token.
        case login
    }

    let integration: CloudIntegration
    let place: CloudAddress
    let act: Act

    private var provider: CloudAddress.Provider { integration.provider }
    private var bucket: String { JSONWriter.quoted(place.bucket) }

    /// One sentence or two about an answer that is no success.
    func callAsFunction(_ answer: ServerAnswer) -> String {
        if act == .login { return login(answer) }
        let reply = CloudReply(answer)
        guard let code = reply.code else { return unknown(answer) }
        let words: String? =
            switch provider {
            case .s3: s3(code, reply)
            case .google: google(code, reply)
            case .azure: azure(code, reply)
            }
        guard let words else {
            return "\(provider.words) refused with the code \(code) and the status \(answer.status)."
        }
        return "\(words) (\(code))"
    }

    /// What an answer means that is not in the provider's language.
    private func unknown(_ answer: ServerAnswer) -> String {
        let setting = integration[.endpoint] == nil ? "prefix" : "endpoint"
        if (300...399).contains(answer.status) {
            if let region = answer.fields["x-amz-bucket-region"].flatMap(CloudReply.tame) { return elsewhere(region) }
            return "The server sends the request on to another address: check `\(setting)`."
        }
        if answer.status >= 500 { return "\(provider.words) failed with the status \(answer.status); try again later." }
        return "The server does not answer as \(provider.words) does (status \(answer.status)): check `\(setting)`."
    }

    private func elsewhere(_ region: String) -> String {
        "The bucket \(bucket) lies in the region \(region): set `region` to it."
    }

    // MARK: S3

    private func s3(_ code: String, _ reply: CloudReply) -> String? {
        if let words = signing(code) { return words }
        switch code {
        case "AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect",
            "IllegalLocationConstraintException":
            return reply.region.map(elsewhere)
                ?? "The bucket \(bucket) lies in another region than `region` says, or at another `endpoint`."
        case "ExpiredToken": return "The session token has expired: set a new `session_token` with its keys."
        case "InvalidToken": return "The session token is not valid for these keys: check `session_token`."
        case "NoSuchBucket": return "There is no bucket named \(bucket): check `prefix`, and `endpoint` if it is set."
        case "InvalidBucketName": return "\(bucket) is no name of a bucket: check `prefix`."
        case "NoSuchKey": return "There is no file at \(place.text)."
        case "InvalidObjectState": return "The file at \(place.text) is archived and must be restored first."
        case "AllAccessDisabled", "AccountProblem", "NotSignedUp":
            return "The provider has closed this account or bucket; ask its owner."
        case "AccessDenied" where reply.mentions("kms"):
            return "The file is encrypted and the keys may not decrypt it: grant kms:Decrypt on its key."
        case "AccessDenied", "AccessDeniedException", "Forbidden":
            if act == .list {
                return
                    "The keys may not list the bucket \(bucket): grant s3:ListBucket on arn:aws:s3:::\(place.bucket)."
            }
            return "The keys may not read \(place.text): grant s3:GetObject on arn:aws:s3:::\(place.bucket)/*. "
                + "Without s3:ListBucket, a file that is not there is refused in the same way."
        case let code where code.hasPrefix("KMS."):
            return "The file is encrypted with a key that cannot be used: grant kms:Decrypt, and enable the key."
        default: return trouble(code)
        }
    }

    /// What is the same wherever version 4 signatures are taken.
    private func signing(_ code: String) -> String? {
        switch code {
        case "InvalidAccessKeyId", "InvalidSecurity":
            "The provider does not know the access key: check `access_key`."
        case "SignatureDoesNotMatch":
            "The signature does not match: `secret_key` is not the one that belongs to `access_key`."
        case "RequestTimeTooSkewed", "RequestExpired":
            "The clock of this server is wrong: an operator must set it."
        default: nil
        }
    }

    private func trouble(_ code: String) -> String? {
        switch code {
        case "SlowDown", "ServiceUnavailable", "Throttling", "TooManyRequests", "ServerBusy", "RequestTimeout",
            "InternalError", "OperationTimedOut", "InternalServerError":
            "\(provider.words) is too busy or failed; try again later."
        case "MethodNotAllowed", "NotImplemented":
            "The server does not offer what is needed: check `endpoint`."
        default: nil
        }
    }

    // MARK: Google

    private func google(_ code: String, _ reply: CloudReply) -> String? {
        if let words = signing(code) { return words }
        switch code {
        case "NoSuchBucket": return "There is no bucket named \(bucket): check `prefix`."
        case "InvalidBucketName": return "\(bucket) is no name of a bucket: check `prefix`."
        case "NoSuchKey": return "There is no file at \(place.text)."
        case "AccessDenied", "AccessForbidden", "Forbidden":
            let permission = act == .list ? "storage.objects.list" : "storage.objects.get"
            return
                "The service account may not \(act == .list ? "list" : "read") the bucket \(bucket): grant it the role "
                + "Storage Object Viewer (\(permission))."
        case "AuthenticationRequired", "InvalidCredentials", "InvalidAuthentication", "ExpiredToken":
            return
                "The provider does not take the token: check `service_account`, and whether its key is still enabled."
        case "UserProjectMissing", "UserProjectInvalid":
            return "The bucket \(bucket) charges whoever reads (requester pays), which is not supported: turn that off."
        case "AccountProblem", "ProjectAccountDisabled", "UserProjectAccountProblem", "BillingDisabled":
            return "Billing is off for the project of the bucket \(bucket); ask its owner."
        default: return trouble(code)
        }
    }

    // MARK: Azure

    private func azure(_ code: String, _ reply: CloudReply) -> String? {
        let isToken = integration[.sas] != nil
        switch code {
        case "AuthenticationFailed" where isToken && reply.mentions("time frame"),
            "AuthenticationFailed" where isToken && reply.mentions("expir"):
            return "`sas` has expired or is not valid yet: make a new token."
        case "AuthenticationFailed" where isToken:
            return
                "The signature of `sas` does not match: copy the whole token, or make a new one if the account's key was "
                + "replaced."
        case "AuthenticationFailed":
            return "The signature does not match: `account_key` is not a key of the storage account \(quotedAccount)."
        case "AuthorizationPermissionMismatch", "InsufficientAccountPermissions":
            let (letter, right) = act == .list ? ("l", "listing") : ("r", "reading")
            return isToken
                ? "`sas` does not permit \(right): its `sp` needs \(letter)."
                : "The role Storage Blob Data Reader is missing."
        case "AuthorizationResourceTypeMismatch", "AuthorizationResourceMismatch":
            return act == .list
                ? "`sas` is not for listing containers: its `srt` needs c, or its `sr` must be c."
                : "`sas` is not for this file: its `srt` needs o, or its `sr` must be c."
        case "AuthorizationServiceMismatch": return "`sas` is not for blobs: its `ss` needs b."
        case "AuthorizationProtocolMismatch": return "`sas` is for https only: check `endpoint`."
        case "AuthorizationSourceIPMismatch":
            return "`sas` is for other addresses than this server's: allow its address in `sip`."
        case "AuthorizationFailure":
            return "The storage account's firewall refuses this server: allow its address there."
        case "KeyBasedAuthenticationNotPermitted":
            return "The storage account \(quotedAccount) allows no access by key: allow it, or use another account."
        case "NoAuthenticationInformation", "PublicAccessNotPermitted", "ResourceNotFound":
            return
                "The storage account \(quotedAccount) does not take anonymous requests: check `account_key` or `sas`."
        case "ContainerNotFound", "ContainerBeingDeleted", "InvalidResourceName":
            return "There is no container named \(bucket): check `prefix`."
        case "BlobNotFound": return "There is no file at \(place.text)."
        case "BlobArchived", "BlobBeingRehydrated":
            return "The file at \(place.text) is archived and must be restored first."
        case "AccountIsDisabled": return "The storage account \(quotedAccount) is disabled; ask its owner."
        default: return trouble(code)
        }
    }

    private var quotedAccount: String { JSONWriter.quoted(place.account) }

    // MARK: Roles and tokens

    private func login(_ answer: ServerAnswer) -> String {
        provider == .google ? token(answer) : role(answer)
    }

    /// Codes that blame the keys a role was asked for with.
    private static let ofKeys: Set<String> = [
        "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException", "SignatureDoesNotMatch",
        "ExpiredToken", "ExpiredTokenException",
    ]

    private var owner: String {
        integration.keys == nil ? "the identity of this server" : "the owner of `access_key`"
    }

    private func role(_ answer: ServerAnswer) -> String {
        let reply = CloudReply(answer)
        guard let code = reply.code else {
            return
                "The server does not answer as the service of roles does (status \(answer.status)): check `sts_endpoint`."
        }
        let words =
            switch code {
            case let code where integration.keys == nil && Self.ofKeys.contains(code):
                "The provider does not take the keys of this server's own identity: an operator has to see to it."
            case "InvalidClientTokenId", "InvalidAccessKeyId", "UnrecognizedClientException":
                "The provider does not know the access key: check `access_key`."
            case "SignatureDoesNotMatch", "IncompleteSignature":
                "The signature does not match: `secret_key` is not the one that belongs to `access_key`."
            case "ExpiredToken", "ExpiredTokenException":
                "The session token has expired: set a new `session_token` with its keys."
            case "AccessDenied", "AccessDeniedException", "NoSuchEntity", "NoSuchEntityException":
                "The role in `role_arn` cannot be assumed: its trust policy must name \(owner) and the external id that is "
                    + "shown on the page of integrations, and that owner needs sts:AssumeRole."
            case "ValidationError": "`role_arn` is not a role that the provider knows."
            case "RegionDisabledException": "The region in `region` is switched off in the account of the role."
            case "RequestTimeTooSkewed", "RequestExpired": "The clock of this server is wrong: an operator must set it."
            default: "The role in `role_arn` cannot be assumed."
            }
        return "\(words) (\(code))"
    }

    private func token(_ answer: ServerAnswer) -> String {
        let (code, detail) = CloudReply.oauth(answer.body)
        guard let code else {
            return "The address `token_uri` in `service_account` does not give tokens (status \(answer.status))."
        }
        let words =
            if detail.contains("signature") {
                "The provider does not know the key in `service_account`: it was deleted or replaced; make a new one."
            } else if detail.contains("account not found") || detail.contains("email") {
                "The service account of `service_account` does not exist any more."
            } else if detail.contains("timeframe") || detail.contains("iat") {
                "The clock of this server is wrong: an operator must set it."
            } else if code == "disabled_client" || detail.contains("disabled") {
                "The service account of `service_account` is disabled."
            } else if code == "invalid_scope" {
                "The service account may not read storage: its scope was refused."
            } else {
                "The provider gives no token for `service_account`."
            }
        return "\(words) (\(code))"
    }
}
