package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.ContainerFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads configuration files with what they include. Source: nginx' own grammar and messages. */
final class ConfigReader {

    private static final Set<String> KNOWN =
            Set.of(
                    ("http events server location upstream map geo types if limit_except worker_processes"
                                    + " worker_connections user pid error_log access_log log_format include"
                                    + " default_type sendfile tcp_nopush tcp_nodelay keepalive_timeout"
                                    + " keepalive_requests keepalive gzip gzip_types gzip_min_length"
                                    + " gzip_proxied gzip_comp_level gzip_vary gzip_http_version"
                                    + " gzip_disable gzip_buffers listen server_name root alias index"
                                    + " try_files return rewrite set add_header expires etag"
                                    + " proxy_pass proxy_set_header proxy_http_version proxy_read_timeout"
                                    + " proxy_connect_timeout proxy_send_timeout proxy_buffering"
                                    + " proxy_buffers proxy_buffer_size proxy_busy_buffers_size"
                                    + " proxy_redirect proxy_hide_header proxy_pass_header"
                                    + " proxy_ssl_server_name proxy_ssl_name proxy_ssl_verify"
                                    + " proxy_intercept_errors proxy_next_upstream proxy_request_buffering"
                                    + " proxy_cache proxy_cache_path proxy_cache_bypass proxy_cache_valid"
                                    + " proxy_method proxy_set_body proxy_pass_request_headers"
                                    + " proxy_pass_request_body proxy_socket_keepalive error_page"
                                    + " internal autoindex allow deny auth_basic"
                                    + " auth_basic_user_file client_max_body_size client_body_timeout"
                                    + " client_header_timeout client_body_buffer_size"
                                    + " large_client_header_buffers client_header_buffer_size"
                                    + " send_timeout resolver resolver_timeout server_tokens"
                                    + " server_names_hash_bucket_size types_hash_max_size"
                                    + " types_hash_bucket_size map_hash_bucket_size stub_status ssl_certificate"
                                    + " ssl_certificate_key ssl_protocols ssl_ciphers"
                                    + " ssl_prefer_server_ciphers ssl_session_cache"
                                    + " ssl_session_timeout ssl_verify_client ssl_client_certificate"
                                    + " http2 charset real_ip_header set_real_ip_from"
                                    + " real_ip_recursive limit_req limit_req_zone limit_conn"
                                    + " limit_conn_zone limit_rate absolute_redirect"
                                    + " port_in_redirect merge_slashes satisfy log_not_found"
                                    + " open_file_cache reset_timedout_connection"
                                    + " client_body_temp_path proxy_temp_path fastcgi_temp_path"
                                    + " uwsgi_temp_path scgi_temp_path daemon worker_rlimit_nofile"
                                    + " multi_accept use least_conn ip_hash hash random zone"
                                    + " sub_filter sub_filter_once mirror auth_request underscores_in_headers"
                                    + " ignore_invalid_headers msie_padding chunked_transfer_encoding"
                                    + " recursive_error_pages variables_hash_max_size env load_module break")
                            .split(" "));

    private final ContainerFiles files;
    private final String file;
    private final String text;
    private int at;
    private int line = 1;

    private ConfigReader(ContainerFiles files, String file, String text) {
        this.files = files;
        this.file = file;
        this.text = text;
    }

    /** Reads a file's directives, those of included files in their place. */
    static List<Directive> read(ContainerFiles files, String file, String text)
            throws ConfigException {
        ConfigReader reader = new ConfigReader(files, file, text);
        List<Directive> directives = reader.block(false);
        return directives;
    }

    private List<Directive> block(boolean inner) throws ConfigException {
        List<Directive> directives = new ArrayList<>();
        List<String> words = new ArrayList<>();
        int start = line;
        while (true) {
            String word = next();
            if (word == null) {
                if (inner || !words.isEmpty()) {
                    throw new ConfigException(
                            "unexpected end of file, expecting "
                                    + (words.isEmpty() ? "\"}\"" : "\";\" or \"}\"")
                                    + " in "
                                    + file
                                    + ":"
                                    + line);
                }
                return directives;
            }
            switch (word) {
                case "\0;" -> {
                    directives.addAll(directive(words, List.of(), start));
                    words.clear();
                }
                case "\0{" -> {
                    String name = words.isEmpty() ? "" : words.getFirst();
                    List<Directive> children =
                            List.of("types", "map", "geo").contains(name) ? entries() : block(true);
                    directives.addAll(directive(words, children, start));
                    words.clear();
                }
                case "\0}" -> {
                    if (!inner || !words.isEmpty()) {
                        throw new ConfigException("unexpected \"}\" in " + file + ":" + line);
                    }
                    return directives;
                }
                default -> {
                    if (words.isEmpty()) {
                        start = line;
                    }
                    words.add(word);
                }
            }
        }
    }

    /** The lines of a {@code map}, which are no directives. */
    private List<Directive> entries() throws ConfigException {
        List<Directive> entries = new ArrayList<>();
        List<String> words = new ArrayList<>();
        for (String word = next(); word != null && !word.equals("\0}"); word = next()) {
            if (word.equals("\0;")) {
                entries.add(
                        new Directive(
                                words.isEmpty() ? "" : words.getFirst(),
                                words.subList(Math.min(1, words.size()), words.size()),
                                List.of(),
                                file,
                                line));
                words.clear();
            } else {
                words.add(word);
            }
        }
        return entries;
    }

    private List<Directive> directive(List<String> words, List<Directive> children, int start)
            throws ConfigException {
        if (words.isEmpty()) {
            throw new ConfigException("unexpected \";\" in " + file + ":" + line);
        }
        String name = words.getFirst();
        Directive made = new Directive(name, words.subList(1, words.size()), children, file, start);
        if (!KNOWN.contains(name)) {
            throw ConfigException.at(made, "unknown directive \"" + name + "\"");
        }
        return name.equals("include") ? included(made) : List.of(made);
    }

    private List<Directive> included(Directive include) throws ConfigException {
        String pattern = include.arg(0);
        String path = pattern.startsWith("/") ? pattern : "/etc/nginx/" + pattern;
        int slash = path.lastIndexOf('/');
        String glob = path.substring(slash + 1);
        List<Directive> all = new ArrayList<>();
        if (glob.contains("*")) {
            String regex = "\\Q" + glob.replace("*", "\\E.*\\Q") + "\\E";
            for (String name : files.list(path.substring(0, slash))) {
                if (name.matches(regex)) {
                    all.addAll(file(include, path.substring(0, slash) + "/" + name));
                }
            }
            return all;
        }
        return glob.equals("mime.types") || glob.endsWith("_params")
                ? List.of()
                : file(include, path);
    }

    private List<Directive> file(Directive include, String path) throws ConfigException {
        byte[] content = files.read(path);
        if (content == null) {
            throw ConfigException.at(
                    include, "open() \"" + path + "\" failed (2: No such file or directory)");
        }
        return read(files, path, new String(content, StandardCharsets.UTF_8));
    }

    /** A word, or {@code \0} and one of the signs {@code ; { }}; null at the end. */
    private @org.jspecify.annotations.Nullable String next() throws ConfigException {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c)) {
                line += c == '\n' ? 1 : 0;
                at++;
            } else if (c == ';' || c == '{' || c == '}') {
                at++;
                return "\0" + c;
            } else if (c == '"' || c == '\'') {
                return quoted(c);
            } else {
                return plain();
            }
        }
        return null;
    }

    private String quoted(char quote) throws ConfigException {
        StringBuilder word = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != quote; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
                word.append(
                        switch (text.charAt(at)) {
                            case 'n' -> "\n";
                            case 't' -> "\t";
                            case 'r' -> "\r";
                            case '"', '\'', '\\' -> String.valueOf(text.charAt(at));
                            default -> "\\" + text.charAt(at);
                        });
            } else {
                line += text.charAt(at) == '\n' ? 1 : 0;
                word.append(text.charAt(at));
            }
        }
        if (at >= text.length()) {
            throw new ConfigException("unexpected end of file in " + file + ":" + line);
        }
        at++;
        return word.toString();
    }

    private String plain() {
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean variable = c == '{' && at > start && text.charAt(at - 1) == '$';
            if (variable) {
                at = Math.max(at, text.indexOf('}', at));
            } else if (Character.isWhitespace(c) || c == ';' || c == '{') {
                break;
            }
            at++;
        }
        return text.substring(start, at);
    }
}
