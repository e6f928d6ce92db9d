package dev.patchbay.hub.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patchbay.hub.failpoint.FailPoints;
import dev.patchbay.hub.gateway.rpc.Access;
import dev.patchbay.hub.gateway.rpc.Caller;
import dev.patchbay.hub.tenant.Tenants;
import dev.patchbay.hub.tenant.Visibility;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {
    @TempDir
    Path folder;

    @Test
    void theFirstStartMakesATokenAndLaterOnesFindIt() throws Exception {
        // When
        Token first = AdminToken.loadOrCreate(folder.resolve("data"), new SecureRandom(), FailPoints.NONE);
        Token second = AdminToken.loadOrCreate(folder.resolve("data"), new SecureRandom(), FailPoints.NONE);

        // Then
        Path file = folder.resolve("data").resolve("admin-token");
        assertThat(second).isEqualTo(first);
        assertThat(first.scopes()).containsExactly(Access.ADMIN);
        assertThat(Files.readString(file)).isEqualTo(first.secret() + "\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatHoldsNoTokenIsNamed() throws Exception {
        // Given
        Files.writeString(folder.resolve("admin-token"), "\n");

        // When
        var loading = assertThatThrownBy(() -> AdminToken.loadOrCreate(folder, new SecureRandom(), FailPoints.NONE));

        // Then
        loading.isInstanceOf(IOException.class)
                .hasMessageContaining("admin-token")
                .hasMessageContaining("delete it");
    }

    @Test
    void tokensAreKnownByTheirSecretsAndShowNone() {
        // Given
        var token = new Token("ops", "s3cret", Set.of(Access.READ), Tenants.DEFAULT);
        var tokens = new Tokens(List.of(token), Tenants.one("main"));

        // When
        Caller right = tokens.ofHeader(Optional.of("bEaReR  s3cret "));
        Caller wrong = tokens.ofHeader(Optional.of("Basic s3cret"));

        // Then
        assertThat(right).isEqualTo(new Caller("ops", Set.of(Access.READ), Visibility.WHOLE));
        assertThat(wrong.isAnonymous()).isTrue();
        assertThat(tokens.ofHeader(Optional.empty()).isAnonymous()).isTrue();
        assertThat(token.toString()).doesNotContain("s3cret");
    }
}
