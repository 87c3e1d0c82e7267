package dev.meshdojo.gateway.filter.lua;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.CertificateFields;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.TlsInfo;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import org.classdump.luna.ByteString;
import org.classdump.luna.StateContext;
import org.classdump.luna.Table;
import org.classdump.luna.lib.ArgumentIterator;
import org.jspecify.annotations.Nullable;

/** The stream info, connection and TLS objects of a script. */
final class LuaStreamInfo {

    private LuaStreamInfo() {}

    static LuaObjects.Host of(StateContext lua, StreamInfo info) {
        return new LuaObjects.Host(lua, "streamInfo")
                .with("protocol", args -> text(info.protocol()))
                .with("routeName", args -> text(orEmpty(info.routeName())))
                .with(
                        "downstreamLocalAddress",
                        args -> text(AddressText.of(info.downstreamLocalAddress())))
                .with(
                        "downstreamDirectLocalAddress",
                        args -> text(AddressText.of(info.downstreamLocalAddress())))
                .with(
                        "downstreamRemoteAddress",
                        args -> text(AddressText.of(info.downstreamRemoteAddress())))
                .with(
                        "downstreamDirectRemoteAddress",
                        args -> text(AddressText.of(info.downstreamDirectRemoteAddress())))
                .with("requestedServerName", args -> text(orEmpty(info.requestedServerName())))
                .with("dynamicMetadata", args -> LuaObjects.result(metadata(lua, info)))
                .with("downstreamSslConnection", args -> new Object[] {tls(lua, info.tls())});
    }

    static LuaObjects.Host connection(StateContext lua, FilterContext context) {
        return new LuaObjects.Host(lua, "connection")
                .with("ssl", args -> new Object[] {tls(lua, context.streamInfo().tls())});
    }

    private static LuaObjects.Host metadata(StateContext lua, StreamInfo info) {
        return new LuaObjects.Host(lua, "dynamicMetadata")
                .with(
                        "get",
                        args ->
                                LuaObjects.result(
                                        LuaObjects.fromJava(
                                                lua,
                                                info.dynamicMetadata()
                                                        .all()
                                                        .get(args.nextString().decode()))))
                .with("set", args -> set(info, args))
                .pairs(lua, args -> LuaHandle.flat(lua, info.dynamicMetadata().all()));
    }

    private static Object[] set(StreamInfo info, ArgumentIterator arguments) {
        String namespace = arguments.nextString().decode();
        String key = arguments.nextString().decode();
        info.dynamicMetadata().put(namespace, key, LuaObjects.toJava(arguments.nextAny()));
        return Method.NOTHING;
    }

    private static LuaObjects.@Nullable Host tls(StateContext lua, @Nullable TlsInfo tls) {
        if (tls == null) {
            return null;
        }
        X509Certificate peer = tls.peerCertificate();
        X509Certificate own = tls.localCertificate();
        return new LuaObjects.Host(lua, "ssl")
                .with("peerCertificatePresented", args -> LuaObjects.result(peer != null))
                .with("peerCertificateValidated", args -> LuaObjects.result(tls.peerValidated()))
                .with("tlsVersion", args -> text(tls.version()))
                .with("sessionId", args -> text(tls.sessionId()))
                .with(
                        "sha256PeerCertificateDigest",
                        args -> text(of(peer, CertificateFields::sha256)))
                .with(
                        "serialNumberPeerCertificate",
                        args -> text(of(peer, CertificateFields::serial)))
                .with("subjectPeerCertificate", args -> text(of(peer, CertificateFields::subject)))
                .with("issuerPeerCertificate", args -> text(of(peer, CertificateFields::issuer)))
                .with("subjectLocalCertificate", args -> text(of(own, CertificateFields::subject)))
                .with(
                        "urlEncodedPemEncodedPeerCertificate",
                        args -> text(of(peer, CertificateFields::urlEncodedPem)))
                .with("uriSanPeerCertificate", args -> list(lua, peer, CertificateFields::uriSans))
                .with("uriSanLocalCertificate", args -> list(lua, own, CertificateFields::uriSans))
                .with("dnsSansPeerCertificate", args -> list(lua, peer, CertificateFields::dnsSans))
                .with(
                        "dnsSansLocalCertificate",
                        args -> list(lua, own, CertificateFields::dnsSans));
    }

    private static String of(
            @Nullable X509Certificate certificate, Function<X509Certificate, String> field) {
        return certificate == null ? "" : field.apply(certificate);
    }

    private static Object[] list(
            StateContext lua,
            @Nullable X509Certificate certificate,
            Function<X509Certificate, List<String>> field) {
        Table table = lua.newTable();
        List<String> values = certificate == null ? List.of() : field.apply(certificate);
        for (int i = 0; i < values.size(); i++) {
            table.rawset(i + 1L, ByteString.of(values.get(i)));
        }
        return LuaObjects.result(table);
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static Object[] text(@Nullable String value) {
        return LuaObjects.result(value == null ? null : ByteString.of(value));
    }
}
