package dev.meshdojo.simulator.pilot.gatewayapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CertificatePairTest {

    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBdDCCARugAwIBAgIUZeT7xFZst5uDg6/nmfJL+t7jDlYwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjQxNzAwMTRaGA8yMTI2MTAzMTE3MDAx
            NFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJr0
            AFMQOcbAJeAMD6JGx1eU4xtLiodUqT3tXi9m5w/KV90s80v5WiyBylWMl7BcUIQH
            8ZY7Nro6f1xWEFhGil6jUzBRMB0GA1UdDgQWBBRP6u6EsCZbbg393R0pLiYvqxAf
            1jAfBgNVHSMEGDAWgBRP6u6EsCZbbg393R0pLiYvqxAf1jAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0cAMEQCIE3YWSv4D3ZgDmezhw1SXN94gqA3loK3Ag+m
            K5pC8XC5AiACtowY/7Pn1cLqErlPj9Vhv8lsRzZxFai0p8rF4aEjCw==
            -----END CERTIFICATE-----
            """;
    private static final String PKCS8 =
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgf5RpV7ocjcBVdPoc
            6HIG4me7lJwyiF//cCB3Q7ORyRShRANCAASa9ABTEDnGwCXgDA+iRsdXlOMbS4qH
            VKk97V4vZucPylfdLPNL+VosgcpVjJewXFCEB/GWOza6On9cVhBYRope
            -----END PRIVATE KEY-----
            """;
    private static final String SEC1 =
            """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIH+UaVe6HI3AVXT6HOhyBuJnu5ScMohf/3Agd0OzkckUoAoGCCqGSM49
            AwEHoUQDQgAEmvQAUxA5xsAl4AwPokbHV5TjG0uKh1SpPe1eL2bnD8pX3SzzS/la
            LIHKVYyXsFxQhAfxljs2ujp/XFYQWEaKXg==
            -----END EC PRIVATE KEY-----
            """;
    private static final String OTHER =
            """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEIK1wAb/Q1u5zb5siWyU8aZSx6asSCQNF/1g9FQc7nK58oAoGCCqGSM49
            AwEHoUQDQgAE3Gtvh+hdO3sQ0G1U1uddKfgL8c56J/Gf8IhREg41f8jXUibkidj2
            DOyS4G+PcPTq1tNIqMQQRqbnmC9G66bfwg==
            -----END EC PRIVATE KEY-----
            """;

    @Test
    void keyOfTheCertificateIsFineInEitherFormat() {
        assertThat(CertificatePair.problem(CERTIFICATE, PKCS8)).isNull();
        assertThat(CertificatePair.problem(CERTIFICATE, SEC1)).isNull();
    }

    @Test
    void keyOfAnotherCertificateIsRefused() {
        assertThat(CertificatePair.problem(CERTIFICATE, OTHER))
                .isEqualTo("tls: private key does not match public key");
    }

    @Test
    void textThatIsNoPemIsRefused() {
        assertThat(CertificatePair.problem("x", PKCS8))
                .isEqualTo("tls: failed to find any PEM data in certificate input");
        assertThat(CertificatePair.problem(CERTIFICATE, "x"))
                .isEqualTo("tls: failed to find any PEM data in key input");
    }
}
