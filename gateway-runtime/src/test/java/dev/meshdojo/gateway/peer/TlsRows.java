package dev.meshdojo.gateway.peer;

import static dev.meshdojo.gateway.peer.TlsServers.mutual;
import static dev.meshdojo.gateway.peer.TlsServers.serve;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** TLS listeners and the clients that come to them. */
final class TlsRows {

    /**
     * One client.
     *
     * @param requests one connection each, in order, with one session cache
     */
    record Row(String name, String server, TlsOptions client, List<String> requests) {
        Row {
            requests = List.copyOf(requests);
        }

        @Override
        public String toString() {
            return server + ": " + name;
        }
    }

    /** A client that does not speak TLS as it should. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Bytes(String name, String server, byte[] bytes) {
        @Override
        public String toString() {
            return server + ": " + name;
        }
    }

    private static final String GET = "GET / HTTP/1.1\r\nhost: a.example.com\r\n\r\n";

    private final Pki.Identity root = Pki.request("CN=root,O=Dojo").ca().selfSigned();
    private final Pki.Identity middle = Pki.request("CN=middle,O=Dojo").ca().signedBy(root);
    private final Pki.Identity other = Pki.request("CN=other root").ca().selfSigned();
    private final Pki.Identity leaf =
            Pki.request("CN=client,OU=team\\, one,O=Dojo")
                    .uri("spiffe://cluster.local/ns/a/sa/b", "https://second.example.com/x")
                    .dns("client.example.com", "*.wild.example.com")
                    .email("a@example.com")
                    .ip("10.1.2.3", "2001:db8::1")
                    .signedBy(root);
    private final Pki.Identity rsaLeaf = Pki.request("CN=rsa client").rsa().signedBy(root);
    private final Pki.Identity plainLeaf = Pki.request("CN=plain").signedBy(root);
    private final Pki.Identity below = Pki.request("CN=below").dns("below").signedBy(middle);
    private final Pki.Identity gone = Pki.request("CN=gone").signedBy(root);
    private final Pki.Identity goneMiddle = Pki.request("CN=gone middle").ca().signedBy(root);
    private final Pki.Identity orphan = Pki.request("CN=orphan").signedBy(goneMiddle);

    private final TlsServers servers = new TlsServers();
    private final List<Row> rows = new ArrayList<>();
    private final List<Bytes> bytes = new ArrayList<>();

    TlsRows() {
        secrets();
        versions();
        names();
        kinds();
        clientCertificates();
        names(leaf);
        pins();
        lists();
        forwarding();
        resumption();
        broken();
    }

    List<Bytes> bytes() {
        return bytes;
    }

    private void resumption() {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            for (String server : List.of("mutual", "optional", "forward SANITIZE_SET", "by name")) {
                rows.add(
                        new Row(
                                "resumes " + version,
                                server,
                                TlsOptions.usual().versions(version).as(leaf),
                                List.of(GET, GET)));
            }
        }
    }

    private void broken() {
        byte[] hello = new TlsClient(TlsOptions.usual()).hello();
        byte[] old =
                HexFormat.of()
                        .parseHex(
                                "16030100330100002f0301"
                                        + "ab".repeat(32)
                                        + "000008c013c009002f00350100");
        servers.add("quick", serve("rsa"));
        servers.add(
                "quick 1.2", serve("rsa", ", tlsParams: {tlsMaximumProtocolVersion: 'TLSv1_2'}}"));
        servers.add(
                new TlsServers.Server(
                        "quick by name",
                        List.of(new TlsServers.Chain(List.of("a.example.com"), serve("rsa"))),
                        "{}"));
        servers.add(
                new TlsServers.Server(
                        "quick plain", List.of(new TlsServers.Chain(List.of(), "")), "{}"));
        for (String server : List.of("quick", "quick 1.2", "quick by name", "quick plain")) {
            bytes("nothing", server);
            bytes("plain HTTP", server, GET.getBytes(StandardCharsets.US_ASCII));
            bytes(
                    "a verb of its own",
                    server,
                    "HELLO WORLD\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            bytes(
                    "plain CONNECT",
                    server,
                    "CONNECT a:1 HTTP/1.1\r\nhost: a:1\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            bytes(
                    server.equals("quick plain") ? "half an HTTP/2 preface" : "plain HTTP/2",
                    server,
                    (server.equals("quick plain") ? "PRI * HT" : "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            bytes("zeroes", server, new byte[64]);
            bytes("one byte", server, new byte[] {22});
            bytes("half a hello", server, Arrays.copyOf(hello, hello.length / 2));
            bytes("hello and silence", server, hello);
            bytes("hello twice", server, hello, hello);
            bytes("TLS 1.0", server, old);
            byte[] eleven = old.clone();
            eleven[10] = 2;
            bytes("TLS 1.1", server, eleven);
            byte[] ssl = old.clone();
            ssl[2] = 0;
            ssl[10] = 0;
            bytes("SSL 3", server, ssl);
            byte[] future = hello.clone();
            future[1] = 9;
            bytes("record of a strange version", server, future);
            bytes(
                    "SSL 2",
                    server,
                    HexFormat.of()
                            .parseHex(
                                    "802e0100020015000000100100800300800700c006004002008004008000000000000000000000000000000000"));
            bytes("alert first", server, HexFormat.of().parseHex("15030300020100"));
            bytes("data first", server, HexFormat.of().parseHex("170303000548656c6c6f"));
            bytes("record too long", server, HexFormat.of().parseHex("160301ffff"), new byte[300]);
            byte[] huge = new byte[17000];
            huge[0] = 22;
            huge[1] = 3;
            huge[2] = 1;
            huge[3] = 0x40;
            huge[5] = 1;
            huge[7] = 0x7f;
            bytes("hello too long", server, huge);
        }
    }

    private void bytes(String name, String server, byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        bytes.add(new Bytes(name, server, all.toByteArray()));
    }

    List<Row> rows() {
        return rows;
    }

    TlsServers servers() {
        return servers;
    }

    private void row(String name, String server, TlsOptions client) {
        rows.add(new Row(name, server, client, List.of(GET)));
    }

    private void secrets() {
        servers.certificate(
                "rsa", Pki.request("CN=rsa").rsa().dns("a.example.com").signedBy(middle));
        servers.certificate("ec", Pki.request("CN=ec").dns("a.example.com").signedBy(root));
        servers.certificate(
                "rsa-b", Pki.request("CN=rsa-b").rsa().dns("b.example.com").signedBy(root));
        servers.certificate(
                "wild", Pki.request("CN=wild").rsa().dns("*.wild.example.com").signedBy(root));
        servers.authority("ca", Pki.pem(root.leaf()), "");
        servers.authority("both", Pki.pem(root.leaf(), other.leaf()), "");
        servers.authority("middle", Pki.pem(middle.leaf()), "");
        servers.authority(
                "ca-crl", Pki.pem(root.leaf()), Pki.pem(Pki.revoked(root, gone, goneMiddle)));
        servers.authority(
                "all-crl",
                Pki.pem(root.leaf()),
                Pki.pem(Pki.revoked(root, gone), Pki.revoked(middle), Pki.revoked(goneMiddle)));
        servers.authority(
                "other-crl", Pki.pem(root.leaf(), other.leaf()), Pki.pem(Pki.revoked(other)));
    }

    private void versions() {
        servers.add("default", serve("rsa"));
        servers.add("ec", serve("ec"));
        servers.add(
                "1.2 only",
                serve(
                        "rsa",
                        ", tlsParams: {tlsMinimumProtocolVersion: 'TLSv1_2', tlsMaximumProtocolVersion: 'TLSv1_2'}}"));
        servers.add(
                "1.3 only",
                serve(
                        "rsa",
                        ", tlsParams: {tlsMinimumProtocolVersion: 'TLSv1_3', tlsMaximumProtocolVersion: 'TLSv1_3'}}"));
        servers.add(
                "one suite",
                serve(
                        "rsa",
                        ", tlsParams: {tlsMaximumProtocolVersion: 'TLSv1_2', cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384']}}"));
        servers.add(
                "old suites",
                serve(
                        "rsa",
                        ", tlsParams: {tlsMaximumProtocolVersion: 'TLSv1_2', cipherSuites: ['AES128-SHA', 'ECDHE-RSA-AES128-SHA']}}"));
        for (String server : List.of("default", "ec", "1.2 only", "1.3 only", "one suite")) {
            row("any version", server, TlsOptions.usual());
            row("1.2", server, TlsOptions.usual().versions("TLSv1.2"));
            row("1.3", server, TlsOptions.usual().versions("TLSv1.3"));
            row(
                    "RSA suites only",
                    server,
                    TlsOptions.usual()
                            .versions("TLSv1.2")
                            .ciphers(
                                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"));
            row(
                    "ECDSA suites only",
                    server,
                    TlsOptions.usual()
                            .versions("TLSv1.2")
                            .ciphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"));
            row(
                    "old suites",
                    server,
                    TlsOptions.usual()
                            .versions("TLSv1.2")
                            .ciphers("TLS_DHE_RSA_WITH_AES_128_CBC_SHA"));
            row(
                    "client's order of suites",
                    server,
                    TlsOptions.usual()
                            .versions("TLSv1.2")
                            .ciphers(
                                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        }
        row(
                "1.3 suites",
                "default",
                TlsOptions.usual().versions("TLSv1.3").ciphers("TLS_CHACHA20_POLY1305_SHA256"));
        row(
                "256 bits",
                "default",
                TlsOptions.usual().versions("TLSv1.3").ciphers("TLS_AES_256_GCM_SHA384"));
        row(
                "CBC",
                "old suites",
                TlsOptions.usual()
                        .versions("TLSv1.2")
                        .ciphers("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"));
        row("resumes", "default", TlsOptions.usual());
        rows.add(
                new Row(
                        "resumes 1.2",
                        "default",
                        TlsOptions.usual().versions("TLSv1.2"),
                        List.of(GET, GET, GET)));
        rows.add(
                new Row(
                        "resumes 1.3",
                        "default",
                        TlsOptions.usual().versions("TLSv1.3"),
                        List.of(GET, GET, GET)));
        row(
                "asks for another handshake",
                "1.2 only",
                TlsOptions.usual().versions("TLSv1.2").renegotiating());
        row("in bytes", "default", TlsOptions.usual().inPieces(1));
        row("in two", "default", TlsOptions.usual().inPieces(3, 4096));
        row("in threes", "default", TlsOptions.usual().inPieces(100));
        servers.add(
                "no alpn", "{commonTlsContext: {tlsCertificateSdsSecretConfigs: [{name: 'rsa'}]}}");
        servers.add(
                "http/1.1 only",
                "{commonTlsContext: {tlsCertificateSdsSecretConfigs: [{name: 'rsa'}], alpnProtocols: ['http/1.1']}}");
        for (String server : List.of("default", "no alpn", "http/1.1 only")) {
            row("offers h2", server, TlsOptions.usual().alpn("h2"));
            row("offers h2 first", server, TlsOptions.usual().alpn("h2", "http/1.1"));
            row("offers h2 last", server, TlsOptions.usual().alpn("http/1.1", "h2"));
            row("offers nothing", server, TlsOptions.usual().alpn(new String[0]));
            row("offers something else", server, TlsOptions.usual().alpn("spdy/1"));
            row(
                    "offers something else, 1.2",
                    server,
                    TlsOptions.usual().alpn("spdy/1").versions("TLSv1.2"));
            row(
                    "offers something else first",
                    server,
                    TlsOptions.usual().alpn("spdy/1", "http/1.1"));
            row("offers http/1.0", server, TlsOptions.usual().alpn("http/1.0"));
        }
    }

    private void names() {
        servers.add(
                new TlsServers.Server(
                        "by name",
                        List.of(
                                new TlsServers.Chain(List.of("a.example.com"), serve("rsa")),
                                new TlsServers.Chain(List.of("b.example.com"), serve("rsa-b")),
                                new TlsServers.Chain(List.of("*.wild.example.com"), serve("wild"))),
                        "{}"));
        servers.add(
                new TlsServers.Server(
                        "by name or any",
                        List.of(
                                new TlsServers.Chain(List.of("a.example.com"), serve("rsa")),
                                new TlsServers.Chain(List.of("*.example.com"), serve("wild")),
                                new TlsServers.Chain(List.of(), serve("ec"))),
                        "{}"));
        for (String server : List.of("by name", "by name or any")) {
            row("exact", server, TlsOptions.usual());
            row("second", server, TlsOptions.to("b.example.com"));
            row("wildcard", server, TlsOptions.to("x.wild.example.com"));
            row("wildcard, deep", server, TlsOptions.to("x.y.wild.example.com"));
            row("wildcard itself", server, TlsOptions.to("wild.example.com"));
            row("letter case", server, TlsOptions.to("A.EXAMPLE.com"));
            row("trailing dot", server, TlsOptions.to("a.example.com."));
            row("none", server, TlsOptions.to(null));
            row("unknown", server, TlsOptions.to("unknown.org"));
            row("address", server, TlsOptions.to("127.0.0.1"));
            row("underscore", server, TlsOptions.to("a_b.example.com"));
            row("not ASCII", server, TlsOptions.to("\u00e4.example.com"));
        }
    }

    private void kinds() {
        servers.add("rsa and ec", serve("rsa,ec"));
        servers.add("ec and rsa", serve("ec,rsa"));
        servers.add("three", serve("rsa-b,wild,ec"));
        for (String server : List.of("rsa and ec", "ec and rsa", "three")) {
            row("any", server, TlsOptions.usual());
            row("1.2", server, TlsOptions.usual().versions("TLSv1.2"));
            row(
                    "RSA only",
                    server,
                    TlsOptions.usual().signatures("rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"));
            row("EC only", server, TlsOptions.usual().signatures("ecdsa_secp256r1_sha256"));
            row(
                    "RSA suites only",
                    server,
                    TlsOptions.usual()
                            .versions("TLSv1.2")
                            .ciphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
            row("none", server, TlsOptions.to(null));
            row("b", server, TlsOptions.to("b.example.com"));
            row("wild", server, TlsOptions.to("x.wild.example.com"));
            row("WILD", server, TlsOptions.to("X.WILD.example.com"));
            row("unknown", server, TlsOptions.to("unknown.org"));
        }
    }

    private void clientCertificates() {
        servers.add("mutual", mutual("ca", "", true));
        servers.add("optional", mutual("ca", "", false));
        servers.add("two authorities", mutual("both", "", true));
        servers.add("middle trusted", mutual("middle", "", true));
        servers.add(
                "untrusted too", mutual("ca", "trustChainVerification: 'ACCEPT_UNTRUSTED'", false));
        servers.add(
                "untrusted too, required",
                mutual("ca", "trustChainVerification: 'ACCEPT_UNTRUSTED'", true));
        servers.add(
                "required, no authority",
                serve("rsa").replaceAll("}$", ", requireClientCertificate: true}"));
        for (String server :
                List.of(
                        "mutual",
                        "optional",
                        "two authorities",
                        "middle trusted",
                        "untrusted too",
                        "untrusted too, required",
                        "required, no authority")) {
            client("none", server, null);
            client("valid", server, leaf);
            client("RSA", server, rsaLeaf);
            client("through an intermediate", server, below);
            client("intermediate left out", server, below.alone());
            client("wrong authority", server, Pki.request("CN=stranger").signedBy(other));
            client("self-signed", server, Pki.request("CN=self").selfSigned());
            client("expired", server, Pki.request("CN=expired").expired().signedBy(root));
            client("not yet valid", server, Pki.request("CN=future").future().signedBy(root));
            client(
                    "for servers",
                    server,
                    Pki.request("CN=server").only(KeyPurposeId.id_kp_serverAuth).signedBy(root));
            client(
                    "for clients",
                    server,
                    Pki.request("CN=for clients")
                            .only(KeyPurposeId.id_kp_clientAuth)
                            .signedBy(root));
            client(
                    "of another purpose",
                    server,
                    Pki.request("CN=mail").only(KeyPurposeId.id_kp_emailProtection).signedBy(root));
            client("signed by no authority", server, Pki.request("CN=child").signedBy(plainLeaf));
            row("the authority itself", server, TlsOptions.usual().as(root));
        }
        Pki.Identity oldMiddle = Pki.request("CN=old middle").ca().expired().signedBy(root);
        client("expired intermediate", "mutual", Pki.request("CN=x").signedBy(oldMiddle));
        Pki.Identity impostor = Pki.request("CN=root,O=Dojo").ca().selfSigned();
        client("authority's name stolen", "mutual", Pki.request("CN=thief").signedBy(impostor));
        client(
                "authority's name stolen, sent",
                "mutual",
                new Pki.Identity(
                        List.of(Pki.request("CN=thief").signedBy(impostor).leaf(), impostor.leaf()),
                        impostor.key()));
    }

    private void client(
            String name, String server, Pki.@org.jspecify.annotations.Nullable Identity who) {
        row(name, server, TlsOptions.usual().as(who));
        row(name + ", 1.2", server, TlsOptions.usual().versions("TLSv1.2").as(who));
    }

    private void san(String name, String rules) {
        servers.add(
                "san " + name, mutual("ca", "matchTypedSubjectAltNames: [" + rules + "]", true));
        row("client", "san " + name, TlsOptions.usual().as(leaf));
        row("no names", "san " + name, TlsOptions.usual().versions("TLSv1.2").as(plainLeaf));
    }

    private void names(Pki.Identity client) {
        san("uri", "{sanType: 'URI', matcher: {exact: 'spiffe://cluster.local/ns/a/sa/b'}}");
        san("uri second", "{sanType: 'URI', matcher: {exact: 'https://second.example.com/x'}}");
        san("uri prefix", "{sanType: 'URI', matcher: {prefix: 'spiffe://cluster.local/'}}");
        san(
                "uri of another",
                "{sanType: 'URI', matcher: {exact: 'spiffe://cluster.local/ns/a/sa/c'}}");
        san("dns", "{sanType: 'DNS', matcher: {exact: 'client.example.com'}}");
        san("dns case", "{sanType: 'DNS', matcher: {exact: 'CLIENT.example.com'}}");
        san(
                "dns ignore case",
                "{sanType: 'DNS', matcher: {exact: 'CLIENT.example.com', ignoreCase: true}}");
        san("dns wildcard", "{sanType: 'DNS', matcher: {exact: 'x.wild.example.com'}}");
        san("dns wildcard itself", "{sanType: 'DNS', matcher: {exact: '*.wild.example.com'}}");
        san("dns wildcard deep", "{sanType: 'DNS', matcher: {exact: 'x.y.wild.example.com'}}");
        san("dns suffix", "{sanType: 'DNS', matcher: {suffix: '.example.com'}}");
        san("dns regex", "{sanType: 'DNS', matcher: {safeRegex: {regex: 'client\\\\..*'}}}");
        san("dns regex in part", "{sanType: 'DNS', matcher: {safeRegex: {regex: 'client'}}}");
        san("dns contains", "{sanType: 'DNS', matcher: {contains: 'wild'}}");
        san("dns as uri", "{sanType: 'URI', matcher: {exact: 'client.example.com'}}");
        san("email", "{sanType: 'EMAIL', matcher: {exact: 'a@example.com'}}");
        san("ip", "{sanType: 'IP_ADDRESS', matcher: {exact: '10.1.2.3'}}");
        san("ip v6", "{sanType: 'IP_ADDRESS', matcher: {exact: '2001:db8::1'}}");
        san(
                "one of two",
                "{sanType: 'DNS', matcher: {exact: 'nobody'}}, {sanType: 'EMAIL', matcher: {prefix: 'a@'}}");
        servers.add(
                "san any kind",
                mutual(
                        "ca",
                        "matchSubjectAltNames: [{exact: '10.1.2.3'}, {prefix: 'spiffe://nobody'}]",
                        true));
        row("client", "san any kind", TlsOptions.usual().as(client));
    }

    private void pins() {
        pin("hash", "verifyCertificateHash: ['" + hash(leaf, false) + "']");
        pin("hash with colons", "verifyCertificateHash: ['" + hash(leaf, true) + "']");
        pin("hash of another", "verifyCertificateHash: ['" + hash(gone, false) + "']");
        pin("key", "verifyCertificateSpki: ['" + key(leaf) + "']");
        pin("key of another", "verifyCertificateSpki: ['" + key(gone) + "']");
        pin(
                "key or hash",
                "verifyCertificateSpki: ['"
                        + key(gone)
                        + "'], verifyCertificateHash: ['"
                        + hash(leaf, false)
                        + "']");
    }

    private void pin(String name, String rules) {
        servers.add("pin " + name, mutual("ca", rules, true));
        row("client", "pin " + name, TlsOptions.usual().as(leaf));
        row("client, 1.2", "pin " + name, TlsOptions.usual().versions("TLSv1.2").as(leaf));
        row("none", "pin " + name, TlsOptions.usual());
    }

    private static String hash(Pki.Identity identity, boolean colons) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(identity.leaf().getEncoded());
            return (colons ? HexFormat.ofDelimiter(":").withUpperCase() : HexFormat.of())
                    .formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String key(Pki.Identity identity) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(identity.leaf().getPublicKey().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void lists() {
        servers.add("root's list", mutual("ca-crl", "", true));
        servers.add("everybody's lists", mutual("all-crl", "", true));
        servers.add("another's list", mutual("other-crl", "", true));
        servers.add("leaf only", mutual("ca-crl", "onlyVerifyLeafCertCrl: true", true));
        for (String server :
                List.of("root's list", "everybody's lists", "another's list", "leaf only")) {
            client("valid", server, leaf);
            client("revoked", server, gone);
            client("through an intermediate", server, below);
            client("revoked intermediate", server, orphan);
        }
    }

    private void forwarding() {
        for (String mode :
                List.of(
                        "SANITIZE",
                        "FORWARD_ONLY",
                        "APPEND_FORWARD",
                        "SANITIZE_SET",
                        "ALWAYS_FORWARD_ONLY")) {
            String server = "forward " + mode;
            servers.add(
                    server,
                    mutual("ca", "", false),
                    "{forwardClientCertDetails: '"
                            + mode
                            + "', setCurrentClientCertDetails: {subject: true, cert: true, chain: true, dns: true, uri: true}}");
            for (String header :
                    List.of(
                            "",
                            "x-forwarded-client-cert: By=x;Hash=y\r\n",
                            "x-forwarded-client-cert: a\r\nx-forwarded-client-cert: b\r\n")) {
                String request = GET.replace("\r\n\r\n", "\r\n" + header + "\r\n");
                rows.add(
                        new Row(
                                "without, got " + header.trim(),
                                server,
                                TlsOptions.usual(),
                                List.of(request)));
                rows.add(
                        new Row(
                                "with, got " + header.trim(),
                                server,
                                TlsOptions.usual().as(leaf),
                                List.of(request)));
                rows.add(
                        new Row(
                                "with bare, got " + header.trim(),
                                server,
                                TlsOptions.usual().as(plainLeaf),
                                List.of(request)));
            }
        }
        for (String detail : List.of("subject", "cert", "chain", "dns", "uri")) {
            servers.add(
                    "detail " + detail,
                    mutual("ca", "", false),
                    "{forwardClientCertDetails: 'SANITIZE_SET', setCurrentClientCertDetails: {"
                            + detail
                            + ": true}}");
            row("client", "detail " + detail, TlsOptions.usual().as(leaf));
            row("bare", "detail " + detail, TlsOptions.usual().as(plainLeaf));
            row("through an intermediate", "detail " + detail, TlsOptions.usual().as(below));
        }
    }
}
