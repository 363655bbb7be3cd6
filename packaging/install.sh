# Sourced by the launcher when something is missing. Everything here is idempotent; nothing here starts a service
# or touches the sources of the machine's package manager.

log=$here/.cache/install.log

# Runs a program quietly; when it fails, its last words are shown.
quietly() {
  what=$1
  shift
  "$@" > "$log" 2>&1 < /dev/null && return 0
  tail -n 5 "$log" >&2
  if grep -qiE 'could not resolve|temporary failure|network is unreachable|EAI_AGAIN|ENOTFOUND|ETIMEDOUT|ECONNREFUSED|could not connect' "$log"; then
    die "$what failed: the network does not answer. It is needed this once (log: $log)"
  fi
  die "$what failed (log: $log)"
}

as_owner() {
  if [ "$(id -u)" -eq 0 ] && [ "${owner%%:*}" -ne 0 ]; then
    home=$(getent passwd "${owner%%:*}" | cut -d: -f6)
    [ -d "$home" ] || home=$here/.cache
    setpriv --reuid "${owner%%:*}" --regid "${owner##*:}" --clear-groups env HOME="$home" "$@"
  else
    "$@"
  fi
}

# Packages of daemons start them when they are installed. BIRD belongs to the mesh here: its packaged service would
# claim the machine's routing table.
without_starting_daemons() {
  policy=/usr/sbin/policy-rc.d
  if [ -e "$policy" ]; then
    "$@"
    return
  fi
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
  "$@"
  rm -f "$policy"
  trap - EXIT INT TERM
}

apt_install() {
  apt-get -y -q --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@"
}

# Package lists may be old or absent: they are fetched when the first try fails.
apt_install_or_update() {
  apt_install "$@" || { apt-get -q update && apt_install "$@"; }
}

install_packages() {
  [ "$(id -u)" -eq 0 ] || die "these packages are missing, and only root can install them: $*"
  have apt-get || die "install these packages with your package manager first: $*"
  say "installing $(echo "$*" | sed 's/ /, /g')"
  DEBIAN_FRONTEND=noninteractive
  export DEBIAN_FRONTEND
  without_starting_daemons quietly "installing packages" apt_install_or_update "$@"
  case " $* " in
    *" bird2 "*) [ ! -d /run/systemd/system ] || systemctl disable --now bird.service > /dev/null 2>&1 || true ;;
  esac
}

install_modules() {
  say "installing the Node packages of package-lock.json"
  cd "$here"
  quietly "npm ci" as_owner npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  sha256sum < package-lock.json > node_modules/.meshwright-lock
  cd - > /dev/null
}

# Where this machine gets Debian packages from now, so that mirrors and proxies of a site are used.
debian_mirror() {
  apt-get indextargets --format '$(CREATED_BY) $(CODENAME) $(REPO_URI)' 2> /dev/null |
    awk '$1 == "Packages" && $2 !~ /-/ && $3 ~ /debian\/?$/ { print $3; exit }'
}

# Debian 12's wireguard-go has no segmentation offload. Debian 13's is a static program that runs there too: it is
# fetched into the project's cache, checked against the archive key, and the machine's own sources stay as they are.
fetch_wireguard_go() {
  (. /etc/os-release && [ "$ID" = debian ] && [ "${VERSION_ID:-99}" -le 12 ]) || return 1
  have apt-get && have dpkg-deb || return 1
  for key in debian-archive-trixie-stable debian-archive-keyring; do
    [ ! -f "/usr/share/keyrings/$key.gpg" ] || break
  done
  [ -f "/usr/share/keyrings/$key.gpg" ] || return 1
  mirror=$(debian_mirror)
  say "fetching Debian 13's wireguard-go into .cache (this kernel has no WireGuard, the packaged program is slow)"
  work=$here/.cache/wireguard-go.work
  rm -rf "$work"
  mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/download"
  cat > "$work/trixie.sources" << SOURCES
Types: deb
URIs: ${mirror:-http://deb.debian.org/debian}
Suites: trixie
Components: main
Signed-By: /usr/share/keyrings/$key.gpg
SOURCES
  set -- -q -o Dir::State="$work/state" -o Dir::State::status=/dev/null -o Dir::Cache="$work/cache" \
    -o Dir::Etc::sourcelist="$work/trixie.sources" -o Dir::Etc::sourceparts=/nonexistent \
    -o Acquire::Languages=none -o APT::Sandbox::User=root
  if ! (
    apt-get "$@" -o APT::Update::Error-Mode=any update && cd "$work/download" &&
      apt-get "$@" download wireguard-go && dpkg-deb -x ./wireguard-go_*.deb "$work/unpacked"
  ) > "$log" 2>&1 < /dev/null; then
    say "that did not work, so the packaged one has to do for today (log: $log)"
    return 1
  fi
  mv "$work/unpacked/usr/bin/wireguard-go" "$here/.cache/wireguard-go/wireguard-go"
  rm -rf "$work"
  chown -R "$owner" "$here/.cache/wireguard-go"
}

install_wireguard() {
  [ "$(id -u)" -eq 0 ] || return 0
  mkdir -p "$here/.cache/wireguard-go"
  fetch_wireguard_go && return 0
  touch "$here/.cache/wireguard-go/tried"
  have wireguard-go || install_packages wireguard-go
}

create_user() {
  say "creating the system user meshwright"
  quietly "creating the user" useradd --system --user-group --no-create-home --home-dir /var/lib/meshwright \
    --shell /usr/sbin/nologin meshwright
}

install_missing() {
  packages=$(missing_packages)
  # shellcheck disable=SC2086
  [ -z "$packages" ] || install_packages $packages
  if modules_are_current; then
    sha256sum < "$here/package-lock.json" > "$here/node_modules/.meshwright-lock" 2> /dev/null || true
  else
    install_modules
  fi
  server_is_current || build_server
  case $level in api | root) return 0 ;; esac
  id meshwright > /dev/null 2>&1 || create_user
  wireguard_is_fine || install_wireguard
  console_is_current || build_console
}

build_server() {
  ( PATH=$here/$runtime:$PATH && cd "$here" &&
    quietly "building the programs" node --disable-warning=ExperimentalWarning packaging/build-server.ts )
  chown -R "$owner" "$here/dist"
}

build_console() {
  say "building the console"
  ( PATH=$here/$runtime:$PATH && cd "$here" &&
    quietly "building the console" node_modules/.bin/vite build --config web/vite.config.ts --logLevel warn )
  chown -R "$owner" "$here/dist"
}
