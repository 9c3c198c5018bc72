/// An authority made for these tests alone and a certificate of it for `pictures.example`; both are worth nothing elsewhere.
enum TestCertificates {
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBeDCCAR6gAwIBAgIUPeUDmw+TgrVvTeAh/zaUYh5YjA8wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEy
        MDAxMDEwMDAwMDBaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEIqIyWwFsRg4xiMyjcd4D4VXc4aFNF/kZWPsFNNb5
        qYHBtWlmWt6Skrr7JIqOYZBIGLDASngLxZiYzh2RRSxyuaNCMEAwDwYDVR0TAQH/
        BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAgQwHQYDVR0OBBYEFBGpTaJOsj+KRD9hsvab
        aeHPnxVGMAoGCCqGSM49BAMCA0gAMEUCIQDPgsnMRwm009kIuT98TO+cyAlnetw1
        G+uv/yGfbchjqwIgHSXR3PWgGlVjjDSL7Jn0hMqdxKervzV4Rz7iVuLcXsc=
        -----END CERTIFICATE-----
        """

    static let server = """
        -----BEGIN CERTIFICATE-----
        MIIBuDCCAV2gAwIBAgIUXF6z7U8zpSkx5gEdPgWRkHLqv2swCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEy
        MDAxMDEwMDAwMDBaMBsxGTAXBgNVBAMMEHBpY3R1cmVzLmV4YW1wbGUwWTATBgcq
        hkjOPQIBBggqhkjOPQMBBwNCAASozFJqxI/zc7DLQMDaX4lBKwuRIVRRHElVy8+z
        g7ew2drJzrNU9zwaPHbixKBzsthyDXABaOCcOoZ3dg57kSh/o38wfTAbBgNVHREE
        FDASghBwaWN0dXJlcy5leGFtcGxlMBMGA1UdJQQMMAoGCCsGAQUFBwMBMAkGA1Ud
        EwQCMAAwHQYDVR0OBBYEFEacUAkRhKgWdfOhNJUkGdwIeSU6MB8GA1UdIwQYMBaA
        FBGpTaJOsj+KRD9hsvabaeHPnxVGMAoGCCqGSM49BAMCA0kAMEYCIQDKb31/O8Ay
        S8jMgGTn+HrIR7NEQ0ES7TaaZawyUulbeQIhAMvUtF/YbKZc08f5vwgI+03SRf1n
        B8Nhqi8imzjpmGpA
        -----END CERTIFICATE-----
        """

    static let serverKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgS/bdh4tlb9KED1Jj
        ihm5FnrXlnrScUpFwP8+h93BhSGhRANCAASozFJqxI/zc7DLQMDaX4lBKwuRIVRR
        HElVy8+zg7ew2drJzrNU9zwaPHbixKBzsthyDXABaOCcOoZ3dg57kSh/
        -----END PRIVATE KEY-----
        """
}
