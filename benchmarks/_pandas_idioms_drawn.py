"""30 further idioms, drawn from public code for loans, flights, cars and taxis once the 120 were answered."""

import math

import numpy as np
import pandas as pd

from benchmarks._pandas_idioms_tables import FITTED, LATER, Idiom, idioms_of

DRAWN: list[Idiom] = []
trips = idioms_of("trips", DRAWN)
NAMES = (
    "emp term grade rate issued journey dep duration stops name "
    "mileage engine year km flag passengers lat lon pick drop"
)
FITTED["trips"] = [
    dict(zip(NAMES.split(), row, strict=True))
    for row in [
        ("10+ years", " 36 months", "A", "10.65%", "Dec-2011", "24/03/2019", "22:20", "2h 50m",
         "non-stop", "Maruti Wagon R LXI", "26.6 km/kg", "998 CC", 2010, 72000, "N", 1, 40.76, -73.98,
         "2016-03-14 17:24:55", "2016-03-14 17:32:30"),
        ("< 1 year", " 60 months", "C", "15.27%", "Jan-2012", "1/05/2019", "05:50", "7h 25m",
         "2 stops", "Hyundai Creta 1.6", "19.67 kmpl", "1582 CC", 2015, 41000, "N", 2, 40.73, -73.99,
         "2016-06-12 00:43:35", "2016-06-12 00:54:38"),
        ("3 years", " 36 months", "B", "13.49%", "Mar-2010", "9/06/2019", "09:25", "19h", "1 stop",
         "Honda Jazz V", "18.2 kmpl", "1199 CC", 2011, 46000, "Y", 1, 40.79, -73.97,
         "2016-01-19 11:35:24", "2016-01-19 12:10:48"),
        (None, " 36 months", "A", None, "Dec-2011", "12/05/2019", "18:05", "45m", "non-stop",
         "Audi A4 New", "15.2 kmpl", None, 2013, 40670, "N", 4, 40.71, -74.01, "2016-04-06 19:32:31",
         "2016-04-06 19:39:40"),
    ]
]  # fmt: skip
LATER["trips"] = [
    dict(zip(NAMES.split(), row, strict=True))
    for row in [
        ("2 years", " 60 months", "G", "9.9%", "Aug-2018", "01/03/2020", "16:50", "1h 5m", "4 stops",
         "Tesla", "null kmpl", "72 CC", 2019, 0, "N", 6, 40.65, -73.78, "2016-12-31 23:59:59",
         "2017-01-01 00:30:00"),
        ("n/a", None, None, "", "", "3/03/2019", None, None, None, None, None, "", 1998, 775000, None,
         0, None, None, None, None),
        ("1 year", " 36 months", "B", "7%", "Feb-2012", "27/06/2019", "00:05", "12h 0m", "3 stops",
         "honda city", "0.0 kmpl", "1497 CC", 2015, 26500, "Y", 3, 40.80, -73.95,
         "2016-02-29 06:00:00", "2016-02-29 06:00:01"),
    ]
]  # fmt: skip


def emp_length(value):
    if pd.isna(value):
        return np.nan
    if value == "10+ years":
        return 10
    digits = "".join(letter for letter in value if letter.isdigit())
    return 0 if value == "< 1 year" else float(digits) if digits else np.nan


@trips
def employment_by_function(df):
    df["emp"] = df["emp"].map(emp_length)
    return df


@trips
def employment_by_replace(df):
    df["emp"] = df["emp"].str.replace("10+ years", "10 years", regex=False).str.replace("< 1 year", "0 years")
    df["emp"] = df["emp"].str.extract(r"(\d+)").astype(float)
    return df


@trips
def term_in_months(df):
    df["term"] = df["term"].str.strip().str.split(" ").str[0].astype(float)
    return df


@trips
def term_by_apply(df):
    df["long"] = df["term"].apply(lambda text: 1 if text == " 60 months" else 0)
    return df


@trips
def rate_without_percent(df):
    df["rate"] = df["rate"].str.rstrip("%").replace("", np.nan).astype(float) / 100
    return df


@trips
def rate_by_numeric(df):
    df["rate"] = pd.to_numeric(df["rate"].str.replace("%", ""), errors="coerce")
    df["high"] = (df["rate"] > 12).astype("category").cat.codes
    return df


@trips
def issue_month(df):
    df["issued"] = pd.to_datetime(df["issued"], format="%b-%Y", errors="coerce")
    df["issue_month"], df["issue_year"] = df["issued"].dt.month, df["issued"].dt.year
    return df


@trips
def credit_history(df):
    issued = pd.to_datetime(df["issued"], format="%b-%Y", errors="coerce")
    df["history"] = (pd.to_datetime("2018-12-01") - issued) / np.timedelta64(1, "D") / 365.25
    return df


@trips
def grade_by_ord(df):
    df["grade"] = df["grade"].fillna("H").apply(lambda letter: ord(letter) - ord("A") + 1)
    return df


@trips
class OrdinalGrades:
    def fit(self, df):
        self.order_ = {grade: at for at, grade in enumerate(df["grade"].sort_values().unique())}
        return self

    def transform(self, df):
        df["grade"] = df["grade"].map(self.order_).fillna(len(self.order_))
        return df


@trips
def journey_parts(df):
    df["day"] = df["journey"].str.split("/").str[0].astype(int)
    df["month"] = df["journey"].str.split("/").str[1].astype(int)
    df.drop(["journey"], axis=1, inplace=True)
    return df


@trips
def journey_by_format(df):
    df["journey_day"] = pd.to_datetime(df["journey"], format="%d/%m/%Y").dt.day
    df["journey_month"] = pd.to_datetime(df.journey, format="%d/%m/%Y").dt.month
    return df


@trips
def journey_day_first(df):
    df["journey"] = pd.to_datetime(df["journey"], dayfirst=True)
    return df


@trips
def departure_hour(df):
    df["dep_hour"] = pd.to_datetime(df["dep"], format="%H:%M").dt.hour
    df["dep_minute"] = pd.to_datetime(df["dep"], format="%H:%M").dt.minute
    return df.drop(columns="dep")


@trips
def duration_in_minutes(df):
    hours = df["duration"].str.extract(r"(\d+)h", expand=False).astype(float).fillna(0)
    minutes = df["duration"].str.extract(r"(\d+)m", expand=False).astype(float).fillna(0)
    df["minutes"] = hours * 60 + minutes
    return df


@trips
def duration_by_eval(df):
    def minutes(text):
        parts = str(text).split()
        return sum(int(part[:-1]) * (60 if part[-1] == "h" else 1) for part in parts if part[:-1].isdigit())

    df["minutes"] = df["duration"].apply(minutes)
    return df


@trips
def stops_replaced(df):
    df.replace({"non-stop": 0, "1 stop": 1, "2 stops": 2, "3 stops": 3, "4 stops": 4}, inplace=True)
    return df


@trips
def stops_mapped(df):
    df["stops"] = df["stops"].map({"non-stop": 0, "1 stop": 1, "2 stops": 2, "3 stops": 3, "4 stops": 4})
    return df


@trips
def brand_of_name(df):
    df["brand"] = df["name"].str.split(" ", expand=True)[0].str.upper()
    df["model"] = df["name"].str.split().str.slice(0, 3).str.join(" ")
    return df


@trips
def mileage_number(df):
    df["mileage"] = pd.to_numeric(df["mileage"].str.split(" ", expand=True)[0], errors="coerce")
    df["engine"] = pd.to_numeric(df["engine"].str.replace(" CC", ""), errors="coerce")
    return df


@trips
def age_and_rate(df):
    df["age"] = 2020 - df["year"]
    df["km_per_year"] = df["km"] / df["age"]
    df["year_squared"] = df.year**2
    df.drop("year", axis=1, inplace=True)
    return df


@trips
class CapAtThreeDeviations:
    def fit(self, df):
        self.top_ = df["km"].mean() + 3 * df["km"].std()
        return self

    def transform(self, df):
        df["km"] = np.where(df["km"] > self.top_, self.top_, df["km"])
        df.loc[df["km"] == 0, "km"] = np.nan
        return df


@trips
def flag_to_number(df):
    df["flag"] = (df["flag"] == "Y") * 1
    df["alone"] = df["passengers"].eq(1)
    return df


@trips
def haversine(df):
    lat, lon = np.radians(df["lat"]), np.radians(df["lon"])
    part = np.sin((lat - math.radians(40.75)) / 2) ** 2 + np.cos(lat) * np.sin((lon + 1.29) / 2) ** 2
    df["km_away"] = 2 * 6371 * np.arcsin(np.sqrt(part))
    return df


@trips
def manhattan_distance(df):
    df["away"] = (df["lat"] - 40.75).abs() + (df["lon"] + 73.99).abs()
    df["near"] = df["away"].lt(0.05)
    return df


@trips
def pickup_times(df):
    df["pick"] = pd.to_datetime(df["pick"])
    df["weekday"] = df["pick"].dt.dayofweek.map({0: "Mon", 1: "Tue", 2: "Wed", 6: "Sun"})
    df["hour_of_year"] = (df["pick"].dt.dayofyear - 1) * 24 + df["pick"].dt.hour
    return df


@trips
def rush_hour(df):
    hour = pd.to_datetime(df["pick"]).dt.hour
    df["rush"] = ((hour.between(7, 9)) | (hour.between(16, 19))).astype(int)
    df["pickup_is_weekend"] = pd.to_datetime(df["pick"]).dt.dayofweek.isin([5, 6]).astype(int)
    return df


@trips
def trip_duration(df):
    gap = pd.to_datetime(df["drop"]) - pd.to_datetime(df["pick"])
    df["log_duration"] = np.log1p(gap.dt.total_seconds())
    df["long"] = gap > pd.Timedelta("10min")
    return df


@trips
def location_bins(df):
    df["cell"] = (df["lat"].round(1) * 10).fillna(0).astype(int).astype(str) + "_" + df["grade"].fillna("?")
    return df


@trips
class DummiesAligned:
    def fit(self, df):
        self.columns_ = pd.get_dummies(
            df[["grade", "flag", "km"]], prefix={"grade": "g", "flag": "f"}
        ).columns
        return self

    def transform(self, df):
        df = pd.get_dummies(df[["grade", "flag", "km"]], prefix={"grade": "g", "flag": "f"})
        for column in self.columns_:
            if column not in df.columns:
                df[column] = 0
        return df[self.columns_]
